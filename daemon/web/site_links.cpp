#include "daemon/web/site_links.hpp"

namespace twcard::web {

namespace asio = boost::asio;

std::shared_ptr<ServiceLink> SiteLinks::link_of(const std::string& origin) {
  const auto [visit, is_new] = m_visits.try_emplace(origin, Visit{nullptr, asio::steady_timer(m_executor)});
  auto& [service, end] = visit->second;
  if (is_new) service = std::make_shared<ServiceLink>(m_executor, m_service_socket, origin);
  end.expires_after(idle_limit);
  end.async_wait([this, origin](boost::system::error_code cancelled) {
    if (!cancelled) m_visits.erase(origin);
  });
  return service;
}

} // namespace twcard::web
