#include "daemon/card/permission/read_consents.hpp"

#include <algorithm>

namespace twcard::service {

ReadConsents::Key ReadConsents::key_of(const Caller& caller, Operation operation) {
  return {caller.connection, caller.origin.value(), operation};
}

bool ReadConsents::cover(const Caller& caller, Operation operation, const Insertions& cards) const {
  const auto found = m_given.find(key_of(caller, operation));
  return found != m_given.end() && std::ranges::includes(found->second, cards);
}

void ReadConsents::given(const Caller& caller, Operation operation, const Insertions& cards) {
  m_given[key_of(caller, operation)].insert(cards.begin(), cards.end());
}

void ReadConsents::revoke(const std::optional<std::string>& origin) {
  std::erase_if(m_given, [&origin](const auto& given) { return !origin || std::get<1>(given.first) == *origin; });
}

void ReadConsents::connection_closed(std::uint64_t connection) {
  std::erase_if(m_given, [connection](const auto& given) { return std::get<0>(given.first) == connection; });
}

} // namespace twcard::service
