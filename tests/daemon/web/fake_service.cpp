#include "tests/daemon/web/fake_service.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twcard::web {

namespace asio = boost::asio;

namespace {
constexpr std::chrono::seconds patience{10};
}

void FakeService::answer(const std::string& method, boost::json::object result, std::string blob) {
  const std::lock_guard lock(m_mutex);
  m_script[method] = {std::move(result), std::move(blob), std::nullopt, false};
}

void FakeService::fail(const std::string& method, Error error) {
  const std::lock_guard lock(m_mutex);
  m_script[method] = {{}, {}, std::move(error), false};
}

void FakeService::hold(const std::string& method) {
  const std::lock_guard lock(m_mutex);
  m_script[method] = {{}, {}, std::nullopt, true};
}

void FakeService::notify(asio::io_context& io, boost::json::object event) {
  asio::post(io, [this, event = std::move(event)] {
    for (const auto& session : m_sessions) session->notify({"event", event});
  });
}

Call FakeService::next_call() {
  std::unique_lock lock(m_mutex);
  if (!m_changed.wait_for(lock, patience, [this] { return m_calls.size() > m_seen; }))
    throw std::runtime_error("no call came");
  return m_calls[m_seen++];
}

bool FakeService::had_connections(std::size_t opened, std::size_t closed) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, patience, [&] { return m_opened == opened && m_closed == closed; });
}

bool FakeService::had_cancelled(std::size_t calls) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, patience, [&] { return m_cancelled == calls; });
}

std::vector<Call> FakeService::hellos() {
  const std::lock_guard lock(m_mutex);
  return m_hellos;
}

std::size_t FakeService::calls() {
  const std::lock_guard lock(m_mutex);
  return m_calls.size();
}

void FakeService::opened(const std::shared_ptr<rpc::Session>& session) {
  m_sessions.insert(session);
  const std::lock_guard lock(m_mutex);
  ++m_opened;
  m_changed.notify_all();
}

void FakeService::closed(const std::shared_ptr<rpc::Session>& session) {
  m_sessions.erase(session);
  const std::lock_guard lock(m_mutex);
  ++m_closed;
  m_changed.notify_all();
}

asio::awaitable<rpc::Reply> FakeService::handle(std::shared_ptr<rpc::Session>, rpc::Request request) {
  Scripted scripted;
  {
    const std::lock_guard lock(m_mutex);
    const std::string blob(as_text(request.blob.view()));
    (request.method == "hello" ? m_hellos : m_calls).push_back({request.method, request.params, blob});
    m_changed.notify_all();
    scripted = m_script[request.method];
  }
  if (scripted.held) {
    asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    boost::system::error_code ended;
    co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    const std::lock_guard lock(m_mutex);
    ++m_cancelled;
    m_changed.notify_all();
    throw boost::system::system_error(ended);
  }
  if (scripted.error) throw Error(*scripted.error);
  rpc::Reply reply;
  reply.result = scripted.result;
  reply.blob = SecureBytes::copy_of(as_bytes(scripted.blob));
  co_return reply;
}

} // namespace twcard::web
