// Reading by consent: one that the person gave once for all (grants.hpp), or one that is asked for. Whatever is not
// exactly what was granted - another card, none, several, one that cannot be read, a site that is silenced - is a
// question to the person as if there were no grant, so that a site learns nothing from the difference
// (docs/decisions/002 and 009).
#pragma once

#include "daemon/card/card_choices.hpp"
#include "daemon/card/grants.hpp"

namespace twcard::service {

// A card that may be read now.
struct Agreed {
  std::shared_ptr<const Token> token;
  std::optional<Consent> answer; // nullopt: nobody was asked, the card is granted
};

class GrantedCards final {
public:
  GrantedCards(std::shared_ptr<TokenCache> cards, CardChoices& choices, Person& person, std::shared_ptr<Grants> grants)
      : m_cards(std::move(cards)), m_choices(choices), m_person(person), m_grants(std::move(grants)) {}

  // The granted card, or else the person is asked and then the card looked for. Throws what the person and
  // CardChoices::card_for throw.
  boost::asio::awaitable<Agreed> agreed_card(ConsentQuestion question, std::optional<std::string> reader,
                                             TokenCache::Fits fits);
  // For a card that nobody was asked about, when what was read of it leaves: throws ConsentDenied when the grant was
  // revoked meanwhile.
  void require_still(const ConsentQuestion& question, const Token& token);

  // The parts of it. The card that the question is about, if it is granted; nullptr: ask. Waits for cards that are
  // being read, as TokenCache::settled does.
  boost::asio::awaitable<std::shared_ptr<const Token>>
  card_for(ConsentQuestion question, std::optional<std::string> reader, TokenCache::Fits fits);
  // Whether all the cards in this reader, or in all of them, are granted, and there is one. Waits as above.
  boost::asio::awaitable<bool> all_granted(ConsentQuestion question, std::optional<std::string> reader);
  // The same of these readers, whose listing then leaves.
  bool use_all(const ConsentQuestion& question, const std::vector<TokenCache::ReaderEntry>& readers);
  // require_consent(); a site's may be answered with Always.
  boost::asio::awaitable<Consent> ask(ConsentQuestion question);
  // With the answer Always, this card is granted from now on.
  void grant(Consent answer, const ConsentQuestion& question, const Token& token);
  [[nodiscard]] bool cover(const ConsentQuestion& question, const Token& token) const;

private:
  // Whether it is of any use to look for a granted card.
  [[nodiscard]] bool hopeful(const ConsentQuestion& question) const;
  [[nodiscard]] bool cover_all(const ConsentQuestion& question,
                               const std::vector<TokenCache::ReaderEntry>& readers) const;

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  Person& m_person;
  std::shared_ptr<Grants> m_grants;
};

} // namespace twcard::service
