#include "rpc/peer.hpp"

#include "driver/base/error.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace twcard::rpc {

bool Peer::is_this_user() const noexcept {
  return uid == ::geteuid();
}

Peer peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || credentials.pid == 0)
    throw Error(Errc::ServiceUnavailable, "the kernel does not say who is at the other end of the socket");
  return {credentials.pid, credentials.uid};
}

} // namespace twcard::rpc
