#include "daemon/web/service/site_links.hpp"

namespace twcard::web {

namespace asio = boost::asio;

std::shared_ptr<ServiceLink> SiteLinks::link_of(const std::string& origin) {
  const auto [found, is_new] = m_visits->try_emplace(origin, Visit{nullptr, asio::steady_timer(m_executor)});
  auto& visit = found->second;
  if (is_new) visit.service = std::make_shared<ServiceLink>(m_executor, m_service_socket, origin);
  prolong(origin, visit);
  return visit.service;
}

std::shared_ptr<ServiceLink> SiteLinks::known_link_of(const std::string& origin) {
  const auto found = m_visits->find(origin);
  if (found == m_visits->end()) return nullptr;
  prolong(origin, found->second);
  return found->second.service;
}

void SiteLinks::prolong(const std::string& origin, Visit& visit) {
  visit.end.expires_after(idle_limit);
  visit.end.async_wait([known = std::weak_ptr(m_visits), origin](boost::system::error_code cancelled) {
    const auto visits = known.lock();
    if (cancelled || !visits) return;
    // A handler that waits for its turn already is not cancelled any more by a request that prolongs the visit.
    const auto found = visits->find(origin);
    if (found != visits->end() && found->second.end.expiry() <= std::chrono::steady_clock::now()) visits->erase(found);
  });
}

} // namespace twcard::web
