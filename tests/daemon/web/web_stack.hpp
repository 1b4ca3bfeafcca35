// The listener with its sessions and a fake service behind it, on a thread of their own and a free port.
#pragma once

#include "daemon/web/front/listener.hpp"
#include "tests/daemon/web/fake_service.hpp"
#include "tests/daemon/web/front/raw_web_socket.hpp"

#include <filesystem>
#include <memory>
#include <thread>

namespace twcard::web {

class WebStack final {
public:
  using SessionMaker =
      std::function<std::shared_ptr<Session>(const boost::asio::any_io_executor&, const std::filesystem::path& service,
                                             const std::string&, std::weak_ptr<Page>)>;
  using DialectMaker = std::function<std::shared_ptr<HttpDialect>(const boost::asio::any_io_executor&,
                                                                  const std::filesystem::path& service)>;

  // With sessions of the native protocol when none are given.
  explicit WebStack(ListenerOptions options = {}, SessionMaker sessions = {}, const DialectMaker& dialect = {});
  ~WebStack();
  WebStack(const WebStack&) = delete;
  WebStack& operator=(const WebStack&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  [[nodiscard]] std::uint16_t port() const { return m_listener->port(); }
  [[nodiscard]] FakeService& service() { return m_service; }
  // A page of this origin whose handshake has been answered 101.
  [[nodiscard]] std::unique_ptr<RawWebSocket> page(const std::string& origin = "https://page.test") const;
  void notify(boost::json::object event) { m_service.notify(m_io, std::move(event)); }
  // As a service that ends, and one that starts again.
  void stop_service();
  void start_service();
  // Sessions that were made for a page.
  [[nodiscard]] std::size_t sessions();

private:
  void on_thread(const std::function<void()>& action);

  std::filesystem::path m_folder;
  boost::asio::io_context m_io{1};
  FakeService m_service;
  std::size_t m_sessions = 0;
  std::unique_ptr<rpc::Server> m_server;
  std::unique_ptr<Listener> m_listener;
  std::thread m_thread;
};

} // namespace twcard::web
