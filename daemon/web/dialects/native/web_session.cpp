#include "daemon/web/dialects/native/web_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace twcard::web {

namespace asio = boost::asio;

WebSession::WebSession(asio::any_io_executor executor, const std::filesystem::path& service_socket,
                       const std::string& origin, std::weak_ptr<Page> page)
    : m_executor(executor), m_page(std::move(page)),
      m_service(std::make_shared<ServiceLink>(std::move(executor), service_socket, origin)),
      m_dialect(m_service, [page = m_page](std::string event) {
        if (const auto alive = page.lock()) alive->send(std::move(event));
      }) {}

void WebSession::received(std::string message) {
  auto request = parse_native_request(message);
  if (!request) {
    if (const auto page = m_page.lock()) page->close(CloseCode::InvalidData, "not a request in JSON");
    return;
  }
  if (m_under_way >= max_under_way)
    return send(native_answer(request->id, Error(Errc::BadRequest, "4 requests of this connection are under way")));
  ++m_under_way;
  asio::co_spawn(m_executor, answer(shared_from_this(), std::move(*request)), asio::detached);
}

void WebSession::ended() noexcept {
  m_service->close();
}

asio::awaitable<void> WebSession::answer(std::shared_ptr<WebSession> self, NativeRequest request) {
  auto text = co_await self->m_dialect.answer(std::move(request));
  --self->m_under_way;
  self->send(std::move(text));
}

void WebSession::send(std::string message) {
  if (const auto page = m_page.lock()) page->send(std::move(message));
}

} // namespace twcard::web
