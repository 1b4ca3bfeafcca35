// Reading by consent: one that the person gave once for all (grants.hpp), or one that is asked for. Whatever is not
// exactly what was granted - another card, none, several, one that cannot be read, a site that is silenced - is a
// question to the person as if there were no grant, so that a site learns nothing from the difference
// (docs/decisions/002 and 009).
#pragma once

#include "daemon/card/permission/card_choices.hpp"
#include "daemon/card/permission/grants.hpp"

namespace twcard::service {

// What the person answered.
struct Answer {
  Consent consent = Consent::Once;
  std::uint64_t revocations = 0; // Grants::revocations() when it was asked
};

// A card that may be read now.
struct Agreed {
  std::shared_ptr<const Token> token;
  std::optional<Answer> answer; // nullopt: nobody was asked, there was a consent before
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
  // revoked meanwhile, or the site silenced.
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
  boost::asio::awaitable<Answer> ask(ConsentQuestion question);
  // Whether the answer may be remembered: not when something was revoked since it was asked for.
  [[nodiscard]] bool stands(const Answer& answer) const { return answer.revocations == m_grants->revocations(); }
  // With the answer Always, one that stands, this card is granted from now on.
  void grant(const Answer& answer, const ConsentQuestion& question, const Token& token);

private:
  // Whether it is of any use to look for a granted card.
  [[nodiscard]] bool hopeful(const ConsentQuestion& question) const;
  // Whether the card may be read unasked at this moment.
  [[nodiscard]] bool cover(const ConsentQuestion& question, const Token& token) const;
  [[nodiscard]] bool cover_all(const ConsentQuestion& question,
                               const std::vector<TokenCache::ReaderEntry>& readers) const;

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  Person& m_person;
  std::shared_ptr<Grants> m_grants;
};

} // namespace twcard::service
