// One accepted connection, from its first octet on: TLS, the request's head, the checks, and then either a WebSocket
// conversation or one HTTP request with its answer, after which the connection ends.
#pragma once

#include "daemon/web/front/connection_limits.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

namespace twcard::web {

struct ListenerState;

class Connection final : public std::enable_shared_from_this<Connection> {
public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<ListenerState> listener);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until the connection ends.
  static boost::asio::awaitable<void> serve(std::shared_ptr<Connection> self);
  void abort() noexcept;

private:
  struct Parts;

  boost::asio::awaitable<void> serve_request();
  boost::asio::awaitable<unsigned> read_head();
  boost::asio::awaitable<void> exchange(std::string origin);
  boost::asio::awaitable<void> answer_preflight(std::string origin);
  boost::asio::awaitable<void> refuse(unsigned status, const char* reason);
  boost::asio::awaitable<void> client_is_gone();
  boost::asio::awaitable<void> end();
  void tell_of_site(std::string_view origin);
  [[nodiscard]] bool is_of_this_user();

  std::shared_ptr<ListenerState> m_listener;
  std::unique_ptr<Parts> m_parts;
  std::optional<ConnectionLimits::Place> m_place; // while there is a request to answer
};

} // namespace twcard::web
