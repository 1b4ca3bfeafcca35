#include "daemon/web/front/peer_check.hpp"

namespace twcard::web {

std::optional<uid_t> user_of_connection(const TcpEnd& client, const TcpEnd& server,
                                        const std::filesystem::path& tables) {
  std::optional<uid_t> user;
  find_tcp_socket(tables, [&](const TcpSocket& socket) {
    if (socket.state != TcpState::Established || !(socket.local == client && socket.remote == server)) return false;
    user = socket.user;
    return true;
  });
  return user;
}

} // namespace twcard::web
