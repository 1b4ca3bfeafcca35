// Starts the services where no systemd does it.
//
// With the systemd user units the sockets exist and a connection is enough. Otherwise the first command that finds
// nobody starts twcard-prompt and twcardd, detached, under a lock, so that two commands at once start them once.
#pragma once

#include "rpc/client.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace twcard::cli {

// A connection to twcardd. When nobody answers and `may_start`, starts the services and waits, ten seconds at most,
// until they answer. Their messages go to NAME.log in the runtime directory.
// Throws Error(ServiceUnavailable) naming what was missing.
[[nodiscard]] rpc::Client connect_or_start(const std::filesystem::path& socket, bool may_start);

// The environment for a service: without the variables that could slip other code or another card service under it
// (control C17 of SECURITY.md), as in the systemd units: LD_*, PCSCLITE_*, OPENSSL_*, GCONV_PATH, GLIBC_TUNABLES.
[[nodiscard]] std::vector<std::string> service_environment(std::span<const char* const> environment);

} // namespace twcard::cli
