// Socket activation: the listening sockets that systemd passed to this process. Source: sd_listen_fds(3).
#pragma once

#include "driver/base/descriptor.hpp"

#include <optional>

namespace twcard::rpc {

// How many; nullopt when systemd did not start this process. Removes the variables that say so, since a child must not
// take the sockets for its own. Throws Error(ServiceUnavailable) when the number is malformed.
[[nodiscard]] std::optional<int> count_passed_sockets();

struct PassedSocket {
  Descriptor descriptor; // closed on exec
  int family = 0;        // of its address: AF_UNIX, for example
};
// The one at `index`, from 0. Throws Error(ServiceUnavailable) unless it is a listening socket.
[[nodiscard]] PassedSocket passed_socket(int index);

} // namespace twcard::rpc
