// A connection to twcardd that has said hello.
#pragma once

#include "cli/frame/command.hpp"
#include "rpc/client.hpp"

#include <string>

namespace twcard::cli {

struct ServiceConnection {
  rpc::Client client;
  std::string version; // of the service
};

// Starts the services when that is allowed, and tells them the language, display and terminal to ask the person at.
// Throws Error(ServiceUnavailable), also when the service speaks another version of the protocol.
[[nodiscard]] ServiceConnection connect(const Context& context);

} // namespace twcard::cli
