// Accepts connections on loopback, checks them, and carries WebSocket messages between pages and sessions.
// Source: docs/protocol.md, "Who may connect"; controls C1 to C4 and C14 of SECURITY.md.
//
// listener.cpp is the only source with Beast in it. One thread; no timer runs while no connection is open.
#pragma once

#include "daemon/web/origin_policy.hpp"
#include "daemon/web/page.hpp"
#include "daemon/web/peer_check.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <vector>

namespace twcard::web {

struct ListenerOptions {
  bool developer = false; // http://localhost is an origin, too
  OriginPolicy policy;
  HostNames names;
  std::chrono::milliseconds handshake_limit = std::chrono::seconds(5);
  std::chrono::milliseconds ping_interval = std::chrono::seconds(20);
  std::chrono::milliseconds idle_limit = std::chrono::seconds(60);
  // The user at the other end; nullopt is refused, and so is another user than ours.
  std::function<std::optional<uid_t>(const TcpEnd& client, const TcpEnd& server)> user_of_peer =
      [](const TcpEnd& client, const TcpEnd& server) { return user_of_connection(client, server); };
};

class Listener final {
public:
  static constexpr std::size_t max_message_size = 8 * 1024;
  // Connections that have not sent their request yet; more are dropped at once.
  static constexpr std::size_t max_handshakes = 2048;

  Listener(std::vector<boost::asio::ip::tcp::acceptor> sockets, ListenerOptions options, SessionFactory sessions);
  ~Listener();

  [[nodiscard]] std::uint16_t port() const;
  // Stops accepting and ends all connections.
  void stop() noexcept;

private:
  struct State;
  class Connection;
  std::shared_ptr<State> m_state;
};

} // namespace twcard::web
