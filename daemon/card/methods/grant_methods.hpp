// The methods `grants.*` of the service protocol: what the person has granted to sites, and taking it back. For
// programs of the user: a request with an `origin` is refused. Source: docs/service-protocol.md, "Consents that are
// remembered".
#pragma once

#include "daemon/card/methods/event_hub.hpp"
#include "daemon/card/permission/grants.hpp"
#include "daemon/card/permission/read_consents.hpp"
#include "daemon/card/readers/token_cache.hpp"
#include "rpc/message.hpp"

namespace twcard::service {

class GrantMethods final {
public:
  GrantMethods(std::shared_ptr<TokenCache> cards, std::shared_ptr<Grants> grants, ReadConsents& consents,
               EventHub& events)
      : m_cards(std::move(cards)), m_grants(std::move(grants)), m_consents(consents), m_events(events) {}

  // Throws BadRequest for parameters.
  [[nodiscard]] rpc::Reply list(const boost::json::object& params) const;
  // Takes back at once whatever the site may read without a question: also what it may for its connection.
  rpc::Reply revoke(const boost::json::object& params);

private:
  // The reader that has the card; null when none has.
  [[nodiscard]] boost::json::value reader_with(const Bytes& card) const;

  std::shared_ptr<TokenCache> m_cards;
  std::shared_ptr<Grants> m_grants;
  ReadConsents& m_consents;
  EventHub& m_events;
};

} // namespace twcard::service
