// Who is at the other end of a Unix socket. Control C13: both ends refuse a process of another user, root included.
#pragma once

#include <sys/types.h>

namespace twcard::rpc {

// By SO_PEERCRED: the caller as it was at connect time, or the listener as it was at listen time.
struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;

  [[nodiscard]] bool is_this_user() const noexcept;
};

// Throws Error(ServiceUnavailable) when the kernel does not know.
[[nodiscard]] Peer peer_of(int socket);

} // namespace twcard::rpc
