// What pages have been allowed for as long as their connection lasts: to read cards without another question, which one
// of several cards they mean, and to be notified about a card (controls C5 and C6). By connection and origin; a card is
// meant for one insertion only, but for events, where it is known again by its number.
#pragma once

#include "daemon/card/person/consent.hpp"
#include "daemon/card/readers/token.hpp"

#include <map>
#include <set>

namespace twcard::service {

class PageMemory final {
public:
  using Cards = std::vector<std::shared_ptr<const Token>>;

  // Whether there was a consent, and it covers all of these. The caller has an origin, here and below.
  [[nodiscard]] bool has_consent(const Caller& caller, Operation operation, const Cards& cards) const;
  void keep_consent(const Caller& caller, Operation operation, const Cards& cards);

  // The card that was chosen from exactly these; nullptr: none.
  [[nodiscard]] std::shared_ptr<const Token> choice(const Caller& caller, const Cards& offered) const;
  void keep_choice(const Caller& caller, const Cards& offered, const Token& chosen);

  [[nodiscard]] bool may_hear_of(std::uint64_t connection, const std::string& origin, const Token& token) const;
  void open_events(const Caller& caller, const Token& token);

  // Consents and events of an origin, or (nullopt) of all. A choice allows nothing.
  void revoke(const std::optional<std::string>& origin);
  void connection_closed(std::uint64_t connection);

private:
  using Insertions = std::set<std::uint64_t>; // Token::insertion
  struct Page {
    std::map<Operation, Insertions> consents;
    std::map<Insertions, std::uint64_t> choices;
    Insertions heard_of;
    std::set<Bytes> heard_of_numbers; // hashes
  };
  static Insertions insertions_of(const Cards& cards);
  [[nodiscard]] const Page* page_of(std::uint64_t connection, const std::string& origin) const;
  [[nodiscard]] Page& page_of(const Caller& caller) { return m_pages[{caller.connection, caller.origin.value()}]; }

  std::map<std::pair<std::uint64_t, std::string>, Page> m_pages;
};

} // namespace twcard::service
