#include "tests/daemon/web/web_stack.hpp"

#include "daemon/web/dialects/native/web_session.hpp"
#include "daemon/web/front/loopback_sockets.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <future>
#include <stdexcept>

namespace twcard::web {

namespace asio = boost::asio;

namespace {

std::filesystem::path private_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "twcard-web-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

} // namespace

WebStack::WebStack(ListenerOptions options, SessionMaker sessions, const DialectMaker& dialect)
    : m_folder(private_folder()) {
  const auto service = m_folder / "card.sock";
  const auto make_session = [this, service, sessions = std::move(sessions)](
                                const std::string& origin, std::weak_ptr<Page> page) -> std::shared_ptr<Session> {
    ++m_sessions;
    if (sessions) return sessions(m_io.get_executor(), service, origin, std::move(page));
    return std::make_shared<WebSession>(m_io.get_executor(), service, origin, std::move(page));
  };
  if (dialect) options.http = dialect(m_io.get_executor(), service);
  m_listener = std::make_unique<Listener>(loopback_sockets(m_io.get_executor(), 0), std::move(options), make_session);
  m_thread = std::thread([this] {
    const auto work = asio::make_work_guard(m_io);
    m_io.run();
  });
  start_service();
}

WebStack::~WebStack() {
  on_thread([this] {
    m_listener.reset();
    m_server.reset();
  });
  // What still runs has its connections closed: a moment for it to notice.
  on_thread([] {});
  m_io.stop();
  m_thread.join();
  std::error_code ignored;
  std::filesystem::remove_all(m_folder, ignored);
}

std::unique_ptr<RawWebSocket> WebStack::page(const std::string& origin) const {
  auto page = std::make_unique<RawWebSocket>(port());
  if (page->open(origin) != 101) throw std::runtime_error("no connection: " + page->head());
  return page;
}

void WebStack::stop_service() {
  on_thread([this] { m_server.reset(); });
}

void WebStack::start_service() {
  on_thread([this] {
    m_server = std::make_unique<rpc::Server>(rpc::listen_at(m_io.get_executor(), m_folder / "card.sock"), m_service);
  });
}

std::size_t WebStack::sessions() {
  std::size_t count = 0;
  on_thread([&] { count = m_sessions; });
  return count;
}

void WebStack::on_thread(const std::function<void()>& action) {
  std::promise<void> done;
  asio::post(m_io, [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace twcard::web
