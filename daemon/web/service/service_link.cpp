#include "daemon/web/service/service_link.hpp"

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

ServiceLink::ServiceLink(asio::any_io_executor executor, std::filesystem::path socket, std::string origin)
    : m_executor(executor), m_socket(std::move(socket)), m_origin(std::move(origin)), m_turn(executor) {}

// Held by the one call that connects; the next one's turn comes when it is gone.
struct ServiceLink::Turn {
  explicit Turn(ServiceLink& its_link) : link(its_link) { link.m_connecting = true; }
  ~Turn() {
    link.m_connecting = false;
    link.m_turn.wake_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ServiceLink& link;
};

asio::awaitable<rpc::Reply> ServiceLink::call(std::string method, json::object params, SecureBytes blob) {
  const auto self = shared_from_this();
  co_await make_ready();
  params["origin"] = m_origin;
  co_return co_await m_client->call(std::move(method), std::move(params), std::move(blob));
}

void ServiceLink::on_event(EventHandler handler) {
  m_on_event = std::move(handler);
}

asio::awaitable<void> ServiceLink::subscribe(EventHandler handler) {
  const auto self = shared_from_this();
  on_event(std::move(handler));
  co_await make_ready();
}

void ServiceLink::set_language(std::string language) {
  m_language = std::move(language);
  m_greeted = false;
}

void ServiceLink::close() noexcept {
  m_closed = true;
  m_on_event = nullptr;
  if (m_client) m_client->close();
}

bool ServiceLink::is_lost() const noexcept {
  return m_client && !m_client->connected() && !m_connecting;
}

bool ServiceLink::is_ready() const noexcept {
  return m_client && m_client->connected() && m_greeted && (m_subscribed || !m_on_event);
}

asio::awaitable<void> ServiceLink::make_ready() {
  while (m_connecting) (void)co_await m_turn.wait();
  if (m_closed) throw Error(Errc::ServiceUnavailable, "the page has gone");
  if (is_ready()) co_return;
  const Turn turn(*this);
  if (!m_client || !m_client->connected()) co_await connect();
  co_await greet();
}

asio::awaitable<void> ServiceLink::connect() {
  m_greeted = false;
  m_subscribed = false;
  m_client = std::make_unique<rpc::AsyncClient>(m_executor);
  m_client->on_notification([weak = weak_from_this()](const rpc::Notification& notification) {
    const auto link = weak.lock();
    if (link && link->m_on_event && notification.method == "event") link->m_on_event(notification.params);
  });
  co_await m_client->connect(m_socket);
  if (!m_closed) co_return;
  m_client->close();
  throw Error(Errc::ServiceUnavailable, "the page has gone");
}

asio::awaitable<void> ServiceLink::greet() {
  if (!m_greeted) {
    json::object params{{"client", "twcard-web"}, {"version", TWCARD_VERSION}};
    if (m_language) params["ui"] = json::object{{"language", *m_language}};
    co_await m_client->call("hello", std::move(params));
    m_greeted = true;
  }
  if (m_on_event && !m_subscribed) {
    json::object subscription{{"origin", m_origin}};
    co_await m_client->call("events.subscribe", std::move(subscription));
    m_subscribed = true;
  }
}

} // namespace twcard::web
