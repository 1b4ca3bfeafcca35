// Accepts connections on loopback, checks them, and carries WebSocket messages between pages and sessions, or HTTP
// requests to a dialect. Source: docs/protocol.md, "Who may connect", and docs/dialects/protocol.md; controls C1 to C4
// and C14 of SECURITY.md.
//
// connection.cpp and web_socket.cpp are the only sources with Beast in them. One thread; no timer runs while no
// connection is open.
#pragma once

#include "daemon/web/front/http_exchange.hpp"
#include "daemon/web/front/page.hpp"
#include "daemon/web/front/peer_check.hpp"
#include "daemon/web/front/request_check.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <filesystem>
#include <vector>

namespace twcard::web {

// PEM. TLS 1.2 and 1.3.
struct TlsFiles {
  std::filesystem::path certificate; // the leaf, then the others of its chain
  std::filesystem::path key;         // readable by this user alone
};

struct ListenerOptions {
  RequestRules rules;
  OriginPolicy policy; // a refused site learns it by the close code of the WebSocket connection
  std::optional<TlsFiles> tls;
  std::size_t max_message_size = 8 * 1024; // of a WebSocket message, and of a request's body
  std::shared_ptr<HttpDialect> http;       // answers plain HTTP requests; with rules.plain_requests
  std::chrono::milliseconds handshake_limit = std::chrono::seconds(5);
  std::chrono::milliseconds ping_interval = std::chrono::seconds(20);
  std::chrono::milliseconds idle_limit = std::chrono::seconds(60);
  // The user at the other end; nullopt is refused, and so is another user than ours.
  std::function<std::optional<uid_t>(const TcpEnd& client, const TcpEnd& server)> user_of_peer =
      [](const TcpEnd& client, const TcpEnd& server) { return user_of_connection(client, server); };
};

class Listener final {
public:
  // Connections that have not sent their request yet; more are dropped at once.
  static constexpr std::size_t max_handshakes = 2048;

  // The sockets are of one port. Throws Error(BadRequest) for certificate and key that cannot be used.
  Listener(std::vector<boost::asio::ip::tcp::acceptor> sockets, ListenerOptions options, SessionFactory sessions);
  ~Listener();

  [[nodiscard]] std::uint16_t port() const;
  // Stops accepting and ends all connections.
  void stop() noexcept;

private:
  std::shared_ptr<struct ListenerState> m_state;
};

} // namespace twcard::web
