// A page's WebSocket connection. For the sources of this folder that include Beast.
// Source: RFC 6455; control C4 of SECURITY.md.
#pragma once

#include "daemon/web/front/listener_state.hpp"
#include "daemon/web/front/transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

namespace twcard::web {

class WebSocket final : public Page, public std::enable_shared_from_this<WebSocket> {
public:
  using Request = boost::beast::http::request<boost::beast::http::empty_body>;

  WebSocket(std::shared_ptr<Transport> transport, std::shared_ptr<ListenerState> listener);

  // Answers the handshake and talks until the connection ends; then whatever was done for the page has ended.
  static boost::asio::awaitable<void> serve(std::shared_ptr<WebSocket> self, Request request, std::string origin);

  void send(std::string message) override;
  void close(CloseCode code, std::string reason) override;

private:
  boost::asio::awaitable<void> upgrade(Request request);
  boost::asio::awaitable<void> talk(std::string origin);
  static boost::asio::awaitable<void> keep_alive(std::shared_ptr<WebSocket> self);
  static boost::asio::awaitable<void> write_all(std::shared_ptr<WebSocket> self);
  void end_session() noexcept;
  void abort() noexcept;

  std::shared_ptr<ListenerState> m_listener;
  std::shared_ptr<Transport> m_transport;
  // Without support for compression.
  boost::beast::websocket::stream<Transport&, false> m_stream;
  ScrubbedBuffer m_buffer;
  std::shared_ptr<Session> m_session; // while messages are exchanged
  std::deque<std::string> m_outgoing; // the first one is being written
  boost::asio::steady_timer m_pings;
  std::chrono::steady_clock::time_point m_heard;
  bool m_pinging = false;
  bool m_closing = false;
};

} // namespace twcard::web
