#include "daemon/web/front/connection.hpp"

#include "daemon/web/front/web_socket.hpp"
#include "driver/base/log.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <unistd.h>

namespace twcard::web {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t max_head_size = 8 * 1024;
constexpr const char* not_http = "not an HTTP request";
constexpr const char* too_long = "the body is too long";

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

using Response = http::response<http::string_body>;

Response to_beast(HttpResponse from) {
  Response response(static_cast<http::status>(from.status), 11);
  for (const auto& [name, value] : from.fields) response.insert(name, value);
  response.set(http::field::cache_control, "no-store");
  response.set(http::field::content_type, from.content_type);
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  response.body() = std::move(from.body);
  response.prepare_payload();
  return response;
}

// Fetch standard, "CORS protocol": the answer may be read by exactly this origin.
void let_read(Response& response, const std::string& origin) {
  response.set(http::field::vary, "Origin");
  if (!origin.empty()) response.set(http::field::access_control_allow_origin, origin);
}

asio::awaitable<HttpResponse> answer_of(std::shared_ptr<HttpDialect> dialect, HttpRequest request) {
  try {
    co_return co_await dialect->answer(std::move(request));
  } catch (const boost::system::system_error&) {
    throw; // the client has gone
  } catch (const std::exception& exception) {
    log::error("web", "a request failed: {}", exception.what());
  }
  HttpResponse failed;
  failed.status = 500;
  failed.body = "unexpected fault\n";
  co_return failed;
}

// Counts a connection whose request is not read yet.
class Handshake final {
public:
  explicit Handshake(std::shared_ptr<ListenerState> listener) : m_listener(std::move(listener)) {
    ++m_listener->handshakes;
  }
  ~Handshake() { --m_listener->handshakes; }
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

private:
  std::shared_ptr<ListenerState> m_listener;
};

} // namespace

struct Connection::Parts {
  Parts(tcp::socket socket, asio::ssl::context* tls, std::size_t max_body)
      : transport(std::make_shared<Transport>(std::move(socket), tls)), buffer(max_head_size + max_body) {
    parser.emplace();
    parser->header_limit(max_head_size);
    parser->body_limit(max_body); // looked at with the head where that says the body's length
  }

  [[nodiscard]] const http::request<http::empty_body>& request() const { return parser->get(); }
  [[nodiscard]] beast::tcp_stream& lowest() const { return transport->next_layer(); }

  std::shared_ptr<Transport> transport;
  ScrubbedBuffer buffer;
  std::optional<http::request_parser<http::empty_body>> parser;
};

Connection::Connection(tcp::socket socket, std::shared_ptr<ListenerState> listener)
    : m_listener(std::move(listener)),
      m_parts(std::make_unique<Parts>(std::move(socket), m_listener->tls ? &*m_listener->tls : nullptr,
                                      m_listener->options.max_message_size)) {
  m_listener->connections.insert(this);
}

Connection::~Connection() {
  m_listener->connections.erase(this);
}

void Connection::abort() noexcept {
  error_code ignored;
  m_parts->lowest().socket().close(ignored);
}

asio::awaitable<void> Connection::serve(std::shared_ptr<Connection> self) {
  try {
    co_await self->serve_request();
  } catch (const boost::system::system_error&) {
    // The client has gone, or was too slow.
  }
}

asio::awaitable<void> Connection::serve_request() {
  auto& parts = *m_parts;
  unsigned fault = 0;
  {
    const Handshake counted(m_listener);
    parts.lowest().expires_after(m_listener->options.handshake_limit);
    if (auto* tls = parts.transport->tls())
      co_await tls->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    fault = co_await read_head();
  }
  if (fault != 0) co_return co_await refuse(fault, fault == 413 ? too_long : not_http);
  const auto head = head_of(parts.request());
  const auto verdict = check_request(head, m_listener->options.rules, m_listener->port);
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    if (refusal->status == 403) tell_of_site(only_value_of(head.fields, "Origin"));
    co_return co_await refuse(refusal->status, refusal->reason);
  }
  const auto& admission = std::get<Admission>(verdict);
  // What follows the head came before our answer: no WebSocket client does that.
  if (admission.kind == RequestKind::WebSocket && parts.buffer.size() != 0)
    co_return co_await refuse(400, "not a WebSocket handshake");
  if (!is_of_this_user()) co_return co_await refuse(403, "this user is not served");

  switch (admission.kind) {
  case RequestKind::WebSocket: {
    const auto web_socket = std::make_shared<WebSocket>(parts.transport, m_listener);
    co_return co_await WebSocket::serve(web_socket, parts.parser->release(), admission.origin);
  }
  case RequestKind::Preflight: co_return co_await answer_preflight(admission.origin);
  case RequestKind::Plain: co_return co_await exchange(admission.origin);
  }
}

// The status of the refusal when no whole head came, or none in time; else 0.
asio::awaitable<unsigned> Connection::read_head() {
  error_code failure;
  co_await http::async_read_header(*m_parts->transport, m_parts->buffer, *m_parts->parser,
                                   asio::redirect_error(asio::use_awaitable, failure));
  if (failure == http::error::end_of_stream) m_parts->lowest().close();
  if (failure == http::error::body_limit) co_return 413;
  co_return failure ? 400 : 0;
}

asio::awaitable<void> Connection::exchange(std::string origin) {
  using namespace asio::experimental::awaitable_operators;
  const auto& options = m_listener->options;
  auto place = m_listener->limits.take(origin);
  if (!place) co_return co_await refuse(429, "too many connections");
  m_place.emplace(std::move(*place));
  auto head = head_of(m_parts->request());

  http::request_parser<http::string_body> parser(std::move(*m_parts->parser));
  m_parts->lowest().expires_after(options.handshake_limit);
  error_code failure;
  co_await http::async_read(*m_parts->transport, m_parts->buffer, parser,
                            asio::redirect_error(asio::use_awaitable, failure));
  if (failure == http::error::body_limit) co_return co_await refuse(413, too_long);
  if (failure) co_return co_await refuse(400, not_http);

  m_parts->lowest().expires_never();
  HttpRequest request{std::move(head.method), std::move(head.target), std::move(head.fields),
                      std::move(parser.get().body()), origin};
  auto answered = co_await (answer_of(options.http, std::move(request)) || client_is_gone());
  auto* answer = std::get_if<HttpResponse>(&answered);
  if (answer == nullptr) co_return;
  auto response = to_beast(std::move(*answer));
  let_read(response, origin);
  m_parts->lowest().expires_after(options.handshake_limit);
  co_await http::async_write(*m_parts->transport, response, asio::use_awaitable);
  co_await end();
}

asio::awaitable<void> Connection::answer_preflight(std::string origin) {
  const auto& asked = m_parts->request();
  Response response(http::status::no_content, 11);
  let_read(response, origin);
  response.set(http::field::access_control_allow_methods, "GET, POST");
  if (const auto fields = asked[http::field::access_control_request_headers]; !fields.empty())
    response.set(http::field::access_control_allow_headers, fields);
  // Private Network Access, and what Chromium made of it (docs/dialects/protocol.md).
  for (const char* what : {"Private", "Local"}) {
    const auto suffix = "-" + std::string(what) + "-Network";
    if (asked["Access-Control-Request" + suffix] == "true") response.set("Access-Control-Allow" + suffix, "true");
  }
  response.keep_alive(false);
  m_parts->lowest().expires_after(m_listener->options.handshake_limit);
  co_await http::async_write(*m_parts->transport, response, asio::use_awaitable);
  co_await end();
}

asio::awaitable<void> Connection::refuse(unsigned status, const char* reason) {
  log::debug("web", "a request was answered {}", status);
  HttpResponse plain;
  plain.status = status;
  plain.body = std::string(reason) + "\n";
  auto response = to_beast(std::move(plain));
  if (status == 426) {
    response.set(http::field::upgrade, "websocket");
    response.set(http::field::sec_websocket_version, "13");
  }
  co_await http::async_write(*m_parts->transport, response, asio::use_awaitable);
  co_await end();
}

// Anything that a client sends after its one request is unexpected, and also ends the exchange.
asio::awaitable<void> Connection::client_is_gone() {
  co_await m_parts->lowest().socket().async_wait(tcp::socket::wait_read, asio::use_awaitable);
}

asio::awaitable<void> Connection::end() {
  m_place.reset(); // the client may take its time
  error_code ignored;
  if (auto* tls = m_parts->transport->tls())
    co_await tls->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  m_parts->lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
}

void Connection::tell_of_site(std::string_view text) {
  const auto& allowed = m_listener->options.rules.allowed;
  const auto origin = parse_origin(text, true);
  if (!allowed || !origin || allowed->contains(*origin) || !is_of_this_user()) return;
  if (m_listener->turned_away.is_new(*origin))
    log::warning("web", "{} is not among the sites that may use port {}; `twcard setup legacy` lists them", *origin,
                 m_listener->port);
}

bool Connection::is_of_this_user() {
  const auto& socket = m_parts->lowest().socket();
  const auto user = m_listener->options.user_of_peer(end_of(socket.remote_endpoint()), end_of(socket.local_endpoint()));
  if (user == ::geteuid()) return true;
  log::warning("web", "a connection of {} was refused", user ? "another user" : "an unknown user");
  return false;
}

} // namespace twcard::web
