// Who is told what happens in the readers (docs/service-protocol.md, "Notification event").
//
// Programs of this user are told everything. A web site is told nothing until it has had a consent for a card, and then
// of that card only (control C5): of its return, too, which is known by the card's number and therefore told when the
// card has been read.
#pragma once

#include "daemon/card/person/consent.hpp"
#include "daemon/card/readers/token_cache.hpp"

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace twcard::service {

class EventHub final {
public:
  using Sink = std::function<void(const ReaderEvent&)>;

  // One subscription a connection and origin; a second one replaces it.
  void subscribe(std::uint64_t connection, std::optional<std::string> origin, Sink sink);
  // The caller has had a consent for this card.
  void granted(const Caller& caller, const Token& token);
  // The consents of this origin, or (nullopt) all, count no longer for events.
  void revoke(const std::optional<std::string>& origin);
  void publish(const ReaderEvent& event);
  // Forgets subscriptions and consents.
  void connection_closed(std::uint64_t connection);

private:
  struct Known {
    std::set<std::uint64_t> insertions;
    std::set<Bytes> card_numbers; // hashes
    [[nodiscard]] bool knows(const Token& token) const;
  };
  struct Subscriber {
    std::uint64_t connection = 0;
    std::optional<std::string> origin;
    Sink sink;
  };

  void tell_site(const Subscriber& site, const ReaderEvent& event);

  std::vector<Subscriber> m_subscribers;
  std::map<std::pair<std::uint64_t, std::string>, Known> m_granted; // by connection and origin
};

} // namespace twcard::service
