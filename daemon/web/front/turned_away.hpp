// The sites that a listener turns away since they are not on its list: each is in the log once, for the person who
// wonders why a page does not work.
#pragma once

#include <set>
#include <string>

namespace twcard::web {

class TurnedAway final {
public:
  static constexpr std::size_t max_sites =
      32; // further ones are not reported: a page can have as many origins as it likes

  // Whether this one is to be reported; the first time only.
  [[nodiscard]] bool is_new(const std::string& origin) {
    return m_sites.size() < max_sites && m_sites.insert(origin).second;
  }

private:
  std::set<std::string> m_sites;
};

} // namespace twcard::web
