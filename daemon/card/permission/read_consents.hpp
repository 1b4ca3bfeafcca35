// Consents to read through an old interface, which hold for the connection, the origin and one stay of a card in its
// reader (control C6). They are asked once, since sites call several methods in a row for one sign-in.
#pragma once

#include "daemon/card/person/consent.hpp"

#include <map>
#include <set>
#include <tuple>

namespace twcard::service {

class ReadConsents final {
public:
  using Insertions = std::set<std::uint64_t>; // Token::insertion

  // Whether there was a consent, and it covers all of these. The caller has an origin.
  [[nodiscard]] bool cover(const Caller& caller, Operation operation, const Insertions& cards) const;
  void given(const Caller& caller, Operation operation, const Insertions& cards);
  // All of an origin's, or (nullopt) all: the person has taken them back.
  void revoke(const std::optional<std::string>& origin);
  void connection_closed(std::uint64_t connection);

private:
  using Key = std::tuple<std::uint64_t, std::string, Operation>;
  static Key key_of(const Caller& caller, Operation operation);

  std::map<Key, Insertions> m_given;
};

} // namespace twcard::service
