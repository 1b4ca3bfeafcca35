#include "daemon/web/front/web_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

namespace twcard::web {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

namespace {
constexpr std::size_t max_waiting_messages = 256;
constexpr std::size_t buffer_margin = 8 * 1024; // so that it is the message's limit that ends a longer one
} // namespace

WebSocket::WebSocket(std::shared_ptr<Transport> transport, std::shared_ptr<ListenerState> listener)
    : m_listener(std::move(listener)), m_transport(std::move(transport)), m_stream(*m_transport),
      m_buffer(m_listener->options.max_message_size + buffer_margin), m_pings(m_transport->get_executor()) {}

asio::awaitable<void> WebSocket::serve(std::shared_ptr<WebSocket> self, Request request, std::string origin) {
  co_await self->upgrade(std::move(request));
  if (self->m_listener->options.policy.refuses(origin))
    co_return self->close(CloseCode::OriginRefused, "origin refused");
  const auto place = self->m_listener->limits.take(origin);
  if (!place) co_return self->close(CloseCode::TooManyConnections, "too many connections");
  try {
    co_await self->talk(std::move(origin));
  } catch (const boost::system::system_error&) {
    // The page has gone, or broke the rules.
  }
  self->end_session();
}

void WebSocket::send(std::string message) {
  if (m_closing || !m_session) return;
  if (m_outgoing.size() >= max_waiting_messages) return abort();
  m_outgoing.push_back(std::move(message));
  if (m_outgoing.size() == 1) asio::co_spawn(m_stream.get_executor(), write_all(shared_from_this()), asio::detached);
}

void WebSocket::close(CloseCode code, std::string reason) {
  if (std::exchange(m_closing, true)) return;
  const websocket::close_reason why(static_cast<websocket::close_code>(code), reason);
  m_stream.async_close(why, [self = shared_from_this()](error_code) {});
}

void WebSocket::abort() noexcept {
  error_code ignored;
  m_transport->next_layer().socket().close(ignored);
}

void WebSocket::end_session() noexcept {
  m_pings.cancel();
  if (const auto session = std::exchange(m_session, nullptr)) session->ended();
}

asio::awaitable<void> WebSocket::upgrade(Request request) {
  const auto& options = m_listener->options;
  m_transport->next_layer().expires_never();
  m_stream.set_option(websocket::stream_base::timeout{options.handshake_limit, websocket::stream_base::none(), false});
  m_stream.set_option(
      websocket::stream_base::decorator([chosen = options.rules.subprotocol](websocket::response_type& response) {
        response.set(http::field::server, "twcard-web"); // or Beast would name itself and its version
        if (!chosen.empty()) response.set(http::field::sec_websocket_protocol, chosen);
      }));
  m_stream.read_message_max(options.max_message_size);
  m_stream.control_callback([this](websocket::frame_type kind, beast::string_view) {
    m_heard = Clock::now();
    // What is done for the page ends now, not when the TCP connection has been taken down.
    if (kind == websocket::frame_type::close) end_session();
  });
  co_await m_stream.async_accept(request, asio::use_awaitable);
}

asio::awaitable<void> WebSocket::talk(std::string origin) {
  m_session = m_listener->sessions(origin, weak_from_this());
  m_heard = Clock::now();
  asio::co_spawn(m_stream.get_executor(), keep_alive(shared_from_this()), asio::detached);
  while (!m_closing) {
    co_await m_stream.async_read(m_buffer, asio::use_awaitable);
    m_heard = Clock::now();
    auto message = beast::buffers_to_string(m_buffer.data());
    m_buffer.consume(m_buffer.size());
    if (m_stream.got_text())
      m_session->received(std::move(message));
    else
      close(CloseCode::UnsupportedData, "text messages only");
  }
}

asio::awaitable<void> WebSocket::keep_alive(std::shared_ptr<WebSocket> self) {
  const auto& options = self->m_listener->options;
  while (self->m_session) {
    error_code ignored;
    self->m_pings.expires_after(options.ping_interval);
    co_await self->m_pings.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!self->m_session) co_return;
    if (Clock::now() - self->m_heard >= options.idle_limit) co_return self->abort();
    if (std::exchange(self->m_pinging, true)) continue; // the last one is not even sent
    self->m_stream.async_ping({}, [self](error_code) { self->m_pinging = false; });
  }
}

asio::awaitable<void> WebSocket::write_all(std::shared_ptr<WebSocket> self) {
  error_code failure;
  while (!self->m_outgoing.empty()) {
    co_await self->m_stream.async_write(asio::buffer(self->m_outgoing.front()),
                                        asio::redirect_error(asio::use_awaitable, failure));
    if (failure)
      self->m_outgoing.clear();
    else
      self->m_outgoing.pop_front();
  }
}

} // namespace twcard::web
