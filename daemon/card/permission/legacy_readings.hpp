// Reading through the old local protocols by consent: one that holds for the connection and a card's stay
// (read_consents.hpp), one that was given for good (granted_cards.hpp), or one that is asked for. Whatever leaves is of
// a card that one of these covers when it leaves.
#pragma once

#include "daemon/card/permission/granted_cards.hpp"
#include "daemon/card/permission/read_consents.hpp"

namespace twcard::service {

class LegacyReadings final {
public:
  LegacyReadings(std::shared_ptr<TokenCache> cards, CardChoices& choices, GrantedCards& grants, ReadConsents& consents)
      : m_cards(std::move(cards)), m_choices(choices), m_grants(grants), m_consents(consents) {}

  // Both: the caller has an origin, and is asked about once at most, which then covers what is given for its stay. They
  // throw what the person throws, and NoPcsc.
  // The card that is meant. Throws what CardChoices::card_for throws, and CardRemoved.
  boost::asio::awaitable<Agreed> agreed_card(ConsentQuestion question, std::optional<std::string> reader,
                                             TokenCache::Fits fits);
  // This reader, or all of them, with what is in them, once all cards have been read. Throws NoReader for one that is
  // named and not there.
  boost::asio::awaitable<std::vector<TokenCache::ReaderEntry>> all_readers(ConsentQuestion question,
                                                                           std::optional<std::string> reader);
  // When what was read of an agreed card leaves: throws ConsentDenied when nobody was asked about it, and what covered
  // it was taken back meanwhile.
  void require_still(const ConsentQuestion& question, const Agreed& agreed);

private:
  [[nodiscard]] bool held(const ConsentQuestion& question, const TokenCache::Tokens& cards) const;
  [[nodiscard]] std::vector<TokenCache::ReaderEntry> listed(const std::optional<std::string>& reader) const;
  void remember(const ConsentQuestion& question, const Answer& answer, const TokenCache::Tokens& cards);

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  GrantedCards& m_grants;
  ReadConsents& m_consents;
};

} // namespace twcard::service
