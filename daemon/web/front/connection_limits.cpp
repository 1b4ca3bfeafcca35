#include "daemon/web/front/connection_limits.hpp"

namespace twcard::web {

ConnectionLimits::Place::Place(std::shared_ptr<Counts> counts, std::string origin)
    : m_counts(std::move(counts)), m_origin(std::move(origin)) {
  ++(*m_counts)[m_origin];
}

ConnectionLimits::Place::~Place() {
  if (!m_counts) return;
  const auto of_origin = m_counts->find(m_origin);
  if (--of_origin->second == 0) m_counts->erase(of_origin);
}

std::optional<ConnectionLimits::Place> ConnectionLimits::take(const std::string& origin) {
  std::size_t all = 0;
  for (const auto& [name, count] : *m_counts) all += count;
  const auto own = origin.empty() ? m_counts->end() : m_counts->find(origin);
  if (all >= max_connections || (own != m_counts->end() && own->second >= max_of_an_origin)) return std::nullopt;
  return Place(m_counts, origin);
}

} // namespace twcard::web
