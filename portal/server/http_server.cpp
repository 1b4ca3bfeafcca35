#include "portal/server/http_server.hpp"

#include "driver/base/log.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/version.hpp>
#include <chrono>
#include <optional>

namespace twcard::portal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using Stream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::uint32_t max_header = 8192;
constexpr std::uint64_t max_body = 65536;
constexpr int max_connections = 128;
constexpr std::chrono::seconds step_deadline{10};
constexpr std::chrono::seconds idle_deadline{30};

std::string only_value(const http::request<http::string_body>& request, http::field name) {
  return request.count(name) == 1 ? std::string(request[name]) : std::string();
}

http::response<http::string_body> to_beast(HttpResponse response, unsigned version, bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), version);
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.set(http::field::content_type, response.content_type);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

// What is said about a request that could not be read; nothing when there is nobody to say it to.
std::optional<unsigned> status_of(const beast::error_code& error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  if (error.category() == http::make_error_code(http::error::end_of_stream).category()) {
    return error == http::error::end_of_stream || error == http::error::partial_message ? std::nullopt
                                                                                        : std::optional<unsigned>(400);
  }
  return std::nullopt;
}

// Counts a connection as long as it lives.
class Place final {
public:
  explicit Place(int& taken) : m_taken(taken) { ++m_taken; }
  ~Place() { --m_taken; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

private:
  int& m_taken;
};

asio::awaitable<void> serve(Stream& stream, const HttpHandler& handler) {
  beast::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  beast::get_lowest_layer(stream).expires_after(step_deadline);
  co_await stream.async_handshake(ssl::stream_base::server, token);
  if (error) co_return;

  beast::flat_buffer buffer(max_header + max_body);
  bool keep_alive = true;
  while (keep_alive) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(max_header);
    parser.body_limit(max_body);
    beast::get_lowest_layer(stream).expires_after(idle_deadline);
    co_await http::async_read_header(stream, buffer, parser, token);
    if (!error) {
      beast::get_lowest_layer(stream).expires_after(step_deadline);
      co_await http::async_read(stream, buffer, parser, token);
    }

    HttpResponse response;
    if (error) {
      const auto status = status_of(error);
      if (!status) break;
      keep_alive = false;
      response.status = *status;
      response.content_type = "text/plain";
    } else {
      const auto& message = parser.get();
      keep_alive = message.keep_alive();
      HttpRequest request{std::string(message.method_string()),           std::string(message.target()),
                          only_value(message, http::field::origin),       only_value(message, http::field::cookie),
                          only_value(message, http::field::content_type), message.body()};
      response = handler(request);
    }
    auto reply = to_beast(std::move(response), 11, keep_alive);
    beast::get_lowest_layer(stream).expires_after(step_deadline);
    co_await http::async_write(stream, reply, token);
    if (error) co_return;
  }
  beast::get_lowest_layer(stream).expires_after(step_deadline);
  co_await stream.async_shutdown(token);
}

asio::awaitable<void> serve_socket(tcp::socket socket, ssl::context& tls, const HttpHandler& handler, int& taken) {
  const Place place(taken);
  Stream stream(beast::tcp_stream(std::move(socket)), tls);
  co_await serve(stream, handler);
}

} // namespace

class HttpServer::Listener final {
public:
  Listener(const HttpServerSettings& settings, HttpHandler handler)
      : m_handler(std::move(handler)),
        m_acceptor(m_context, tcp::endpoint(asio::ip::make_address(settings.address), settings.port)),
        m_signals(m_context) {
    m_tls.set_options(ssl::context::default_workarounds | ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                      ssl::context::no_tlsv1_1);
    m_tls.use_certificate_chain_file(settings.certificate.string());
    m_tls.use_private_key_file(settings.key.string(), ssl::context::pem);
    if (settings.stop_on_signals) {
      m_signals.add(SIGINT);
      m_signals.add(SIGTERM);
      m_signals.async_wait([this](const beast::error_code& error, int) {
        if (!error) m_context.stop();
      });
    }
    asio::co_spawn(m_context, accept(), asio::detached);
  }

  [[nodiscard]] std::uint16_t port() const { return m_acceptor.local_endpoint().port(); }
  void run() { m_context.run(); }
  void stop() { m_context.stop(); }

private:
  asio::awaitable<void> accept() {
    while (true) {
      beast::error_code error;
      tcp::socket socket = co_await m_acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) {
        // Out of descriptors: connections end by their deadlines and make room.
        log::error("portal", "accept: {}", error.message());
        asio::steady_timer pause(m_context, std::chrono::seconds(1));
        co_await pause.async_wait(asio::use_awaitable);
        continue;
      }
      if (m_taken >= max_connections) continue;
      asio::co_spawn(m_context, serve_socket(std::move(socket), m_tls, m_handler, m_taken), asio::detached);
    }
  }

  HttpHandler m_handler;
  // Above the context: connections that its destruction ends still give their places back.
  int m_taken = 0;
  ssl::context m_tls{ssl::context::tls_server};
  asio::io_context m_context{1};
  tcp::acceptor m_acceptor;
  asio::signal_set m_signals;
};

HttpServer::HttpServer(const HttpServerSettings& settings, HttpHandler handler)
    : m_listener(std::make_unique<Listener>(settings, std::move(handler))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return m_listener->port();
}

void HttpServer::run() {
  m_listener->run();
}

void HttpServer::stop() {
  m_listener->stop();
}

} // namespace twcard::portal
