// One page's conversation: its messages become calls of the native dialect, its service connection ends with it.
#pragma once

#include "daemon/web/dialects/native/dialect.hpp"
#include "daemon/web/front/page.hpp"

namespace twcard::web {

class WebSession final : public Session, public std::enable_shared_from_this<WebSession> {
public:
  // Requests of a page that may be under way at a time; one more is answered with an error.
  static constexpr std::size_t max_under_way = 4;

  WebSession(boost::asio::any_io_executor executor, const std::filesystem::path& service_socket,
             const std::string& origin, std::weak_ptr<Page> page);

  void received(std::string message) override;
  void ended() noexcept override;

private:
  static boost::asio::awaitable<void> answer(std::shared_ptr<WebSession> self, NativeRequest request);
  void send(std::string message);

  boost::asio::any_io_executor m_executor;
  std::weak_ptr<Page> m_page;
  std::shared_ptr<ServiceLink> m_service;
  NativeDialect m_dialect;
  std::size_t m_under_way = 0;
};

} // namespace twcard::web
