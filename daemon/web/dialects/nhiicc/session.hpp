// The NHIICC text protocol: one text frame a request, one a reply, in order. Source: docs/dialects/protocol.md,
// "NHIICC".
#pragma once

#include "daemon/web/front/page.hpp"
#include "daemon/web/service/service_link.hpp"

#include <deque>

namespace twcard::web {

// The reply to a request, whatever happens: a failure is a code of four digits.
boost::asio::awaitable<std::string> nhiicc_reply(std::shared_ptr<ServiceLink> service, std::string request);

class NhiiccSession final : public Session, public std::enable_shared_from_this<NhiiccSession> {
public:
  // Requests that wait for the ones before them; one more ends the connection.
  static constexpr std::size_t max_waiting = 16;

  NhiiccSession(boost::asio::any_io_executor executor, const std::filesystem::path& service_socket,
                const std::string& origin, std::weak_ptr<Page> page);

  void received(std::string message) override;
  void ended() noexcept override;

private:
  static boost::asio::awaitable<void> answer_all(std::shared_ptr<NhiiccSession> self);

  boost::asio::any_io_executor m_executor;
  std::weak_ptr<Page> m_page;
  std::shared_ptr<ServiceLink> m_service;
  std::deque<std::string> m_requests; // the first one is being answered
  bool m_ended = false;
};

} // namespace twcard::web
