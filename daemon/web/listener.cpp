#include "daemon/web/listener.hpp"

#include "daemon/web/connection_limits.hpp"
#include "daemon/web/request_check.hpp"
#include "driver/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <set>
#include <unistd.h>

namespace twcard::web {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

namespace {

constexpr std::size_t max_request_size = 8 * 1024;
constexpr std::size_t max_waiting_messages = 256;
constexpr std::chrono::milliseconds accept_pause{100}; // when the process is out of descriptors

TcpEnd end_of(const tcp::endpoint& endpoint) {
  const auto& address = endpoint.address();
  const auto as_v6 =
      address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()) : address.to_v6();
  TcpEnd end{{}, endpoint.port()};
  const auto octets = as_v6.to_bytes();
  std::copy(octets.begin(), octets.end(), end.address.begin());
  return end;
}

RequestHead head_of(const http::request<http::empty_body>& request) {
  RequestHead head;
  head.version = request.version();
  head.method = request.method_string();
  head.target = request.target();
  for (const auto& field : request) head.fields.emplace_back(field.name_string(), field.value());
  return head;
}

} // namespace

struct Listener::State : std::enable_shared_from_this<Listener::State> {
  State(std::vector<tcp::acceptor> its_sockets, ListenerOptions its_options, SessionFactory its_sessions)
      : sockets(std::move(its_sockets)), options(std::move(its_options)), sessions(std::move(its_sessions)),
        port(sockets.front().local_endpoint().port()) {}

  static asio::awaitable<void> accept(std::shared_ptr<State> self, tcp::acceptor& acceptor);

  std::vector<tcp::acceptor> sockets;
  ListenerOptions options;
  SessionFactory sessions;
  std::uint16_t port;
  ConnectionLimits limits;
  std::size_t handshakes = 0;
  std::set<Connection*> connections;
};

class Listener::Connection final : public Page, public std::enable_shared_from_this<Connection> {
public:
  Connection(tcp::socket socket, std::shared_ptr<Listener::State> listener)
      : m_listener(std::move(listener)), m_stream(std::move(socket)), m_pings(m_stream.get_executor()) {
    m_listener->connections.insert(this);
  }
  ~Connection() override { m_listener->connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until the connection ends.
  static asio::awaitable<void> serve(std::shared_ptr<Connection> self) {
    try {
      co_await self->handshake_and_talk();
    } catch (const boost::system::system_error&) {
      // The page has gone, or was too slow.
    }
    self->end_session();
  }

  void send(std::string message) override {
    if (m_closing || !m_session) return;
    if (m_outgoing.size() >= max_waiting_messages) return abort();
    m_outgoing.push_back(std::move(message));
    if (m_outgoing.size() == 1) asio::co_spawn(m_stream.get_executor(), write_all(shared_from_this()), asio::detached);
  }

  void close(CloseCode code, std::string reason) override {
    if (std::exchange(m_closing, true)) return;
    const websocket::close_reason why(static_cast<websocket::close_code>(code), reason);
    m_stream.async_close(why, [self = shared_from_this()](error_code) {});
  }

  void abort() noexcept {
    error_code ignored;
    beast::get_lowest_layer(m_stream).socket().close(ignored);
  }

private:
  asio::awaitable<void> handshake_and_talk() {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(max_request_size);
    ++m_listener->handshakes;
    const bool malformed = co_await read_head(parser);
    --m_listener->handshakes;
    if (malformed) co_return co_await refuse({400, "not an HTTP request"});

    const auto& request = parser.get();
    const auto verdict =
        check_request(head_of(request), m_listener->options.names, m_listener->port, m_listener->options.developer);
    if (const auto* refusal = std::get_if<Refusal>(&verdict)) co_return co_await refuse(*refusal);
    // What follows the head came before our answer: no WebSocket client does that.
    if (m_buffer.size() != 0) co_return co_await refuse({400, "not a WebSocket handshake"});
    if (!is_of_this_user()) co_return co_await refuse({403, "this user is not served"});

    co_await upgrade(request);
    const auto& origin = std::get<Admission>(verdict).origin;
    if (m_listener->options.policy.refuses(origin)) co_return close(CloseCode::OriginRefused, "origin refused");
    const auto place = m_listener->limits.take(origin);
    if (!place) co_return close(CloseCode::TooManyConnections, "too many connections");
    co_await talk(origin);
  }

  void end_session() noexcept {
    m_pings.cancel();
    if (const auto session = std::exchange(m_session, nullptr)) session->ended();
  }

  // True when no whole head came, or none in time.
  asio::awaitable<bool> read_head(http::request_parser<http::empty_body>& parser) {
    auto& transport = beast::get_lowest_layer(m_stream);
    transport.expires_after(m_listener->options.handshake_limit);
    error_code failure;
    co_await http::async_read_header(transport, m_buffer, parser, asio::redirect_error(asio::use_awaitable, failure));
    if (failure == http::error::end_of_stream) transport.close();
    co_return static_cast<bool>(failure);
  }

  asio::awaitable<void> refuse(Refusal refusal) {
    log::debug("web", "a request was answered {}", refusal.status);
    auto& transport = beast::get_lowest_layer(m_stream);
    http::response<http::string_body> response(static_cast<http::status>(refusal.status), 11);
    response.set(http::field::cache_control, "no-store");
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    response.set("X-Content-Type-Options", "nosniff");
    if (refusal.status == 426) {
      response.set(http::field::upgrade, "websocket");
      response.set(http::field::sec_websocket_version, "13");
    }
    response.keep_alive(false);
    response.body() = std::string(refusal.reason) + "\n";
    response.prepare_payload();
    co_await http::async_write(transport, response, asio::use_awaitable);
    error_code ignored;
    transport.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  [[nodiscard]] bool is_of_this_user() {
    const auto& socket = beast::get_lowest_layer(m_stream).socket();
    const auto user =
        m_listener->options.user_of_peer(end_of(socket.remote_endpoint()), end_of(socket.local_endpoint()));
    if (user == ::geteuid()) return true;
    log::warning("web", "a connection of {} was refused", user ? "another user" : "an unknown user");
    return false;
  }

  asio::awaitable<void> upgrade(const http::request<http::empty_body>& request) {
    beast::get_lowest_layer(m_stream).expires_never();
    m_stream.set_option(
        websocket::stream_base::timeout{m_listener->options.handshake_limit, websocket::stream_base::none(), false});
    m_stream.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(http::field::server, "twcard-web"); // or Beast would name itself and its version
      response.set(http::field::sec_websocket_protocol, native_subprotocol);
    }));
    m_stream.read_message_max(Listener::max_message_size);
    m_stream.control_callback([this](websocket::frame_type kind, beast::string_view) {
      m_heard = Clock::now();
      // What is done for the page ends now, not when the TCP connection has been taken down.
      if (kind == websocket::frame_type::close) end_session();
    });
    co_await m_stream.async_accept(request, asio::use_awaitable);
  }

  asio::awaitable<void> talk(std::string origin) {
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

  static asio::awaitable<void> keep_alive(std::shared_ptr<Connection> self) {
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

  static asio::awaitable<void> write_all(std::shared_ptr<Connection> self) {
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

  std::shared_ptr<Listener::State> m_listener;
  // Without support for compression (control C4).
  websocket::stream<beast::tcp_stream, false> m_stream;
  beast::flat_buffer m_buffer{max_request_size + Listener::max_message_size};
  std::shared_ptr<Session> m_session; // while messages are exchanged
  std::deque<std::string> m_outgoing; // the first one is being written
  asio::steady_timer m_pings;
  Clock::time_point m_heard;
  bool m_pinging = false;
  bool m_closing = false;
};

asio::awaitable<void> Listener::State::accept(std::shared_ptr<State> self, tcp::acceptor& acceptor) {
  while (acceptor.is_open()) {
    error_code failure;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure && self->handshakes < max_handshakes) {
      const auto connection = std::make_shared<Connection>(std::move(socket), self);
      asio::co_spawn(acceptor.get_executor(), Connection::serve(connection), asio::detached);
    } else if (failure && acceptor.is_open()) {
      log::error("web", "accept: {}", failure.message());
      asio::steady_timer pause(acceptor.get_executor(), accept_pause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }
  }
}

Listener::Listener(std::vector<tcp::acceptor> sockets, ListenerOptions options, SessionFactory sessions)
    : m_state(std::make_shared<State>(std::move(sockets), std::move(options), std::move(sessions))) {
  for (auto& acceptor : m_state->sockets)
    asio::co_spawn(acceptor.get_executor(), State::accept(m_state, acceptor), asio::detached);
}

Listener::~Listener() {
  stop();
}

std::uint16_t Listener::port() const {
  return m_state->port;
}

void Listener::stop() noexcept {
  error_code ignored;
  for (auto& acceptor : m_state->sockets) acceptor.close(ignored);
  for (auto* connection : m_state->connections) connection->abort();
}

} // namespace twcard::web
