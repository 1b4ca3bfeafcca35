// Which card a request means: the one that fits, or the one of several that the person points at (docs/decisions/008).
//
// A site that speaks an old local protocol asks for one sign-in in several requests: its choice holds for the
// connection, the origin and exactly the cards that were there to choose from. It is asked for anew when one of them
// leaves or another one comes.
#pragma once

#include "daemon/card/person/consent.hpp"
#include "daemon/card/readers/token_cache.hpp"

#include <map>
#include <set>
#include <utility>

namespace twcard::service {

[[nodiscard]] CardPlace place_of(const Token& token); // of a token with a snapshot

class CardChoices final {
public:
  CardChoices(std::shared_ptr<TokenCache> cards, Person& person) : m_cards(std::move(cards)), m_person(person) {}

  // Comes after the consent. Throws what TokenCache::find and the person throw; SeveralCards to a program, which is
  // nobody's to ask and can name a reader, and when cards come and go for longer than the person can be asked.
  // Of a card that the consent has shown, or that was chosen() for what is asked, no other one takes the place unasked.
  boost::asio::awaitable<std::shared_ptr<const Token>>
  card_for(Asking asking, Operation operation, TokenCache::Fits fits, std::shared_ptr<const Token> shown = nullptr);
  // What is known of that already, without a word to anybody: no card, the only one, the chosen one, or all that fit.
  [[nodiscard]] TokenCache::Tokens expected(const Asking& asking, Operation operation,
                                            const TokenCache::Fits& fits) const;
  // The card that the person has chosen for this site, and that is still to be chosen from the same; nullptr: none, or
  // it is not in the reader that is named.
  [[nodiscard]] std::shared_ptr<const Token> chosen(const Asking& asking, Operation operation,
                                                    const TokenCache::Fits& fits) const;
  void connection_closed(std::uint64_t connection);

private:
  using Insertions = std::set<std::uint64_t>; // Token::insertion
  using Site = std::pair<std::uint64_t, std::string>;

  [[nodiscard]] std::shared_ptr<const Token> remembered(const Caller& caller, Operation operation,
                                                        const TokenCache::Tokens& offered) const;
  // nullptr when the cards were changed meanwhile.
  boost::asio::awaitable<std::shared_ptr<const Token>> ask(Asking asking, TokenCache::Fits fits,
                                                           TokenCache::Tokens offered);
  static Insertions insertions_of(const TokenCache::Tokens& tokens);

  std::shared_ptr<TokenCache> m_cards;
  Person& m_person;
  std::map<Site, std::map<Insertions, std::uint64_t>> m_chosen;
};

} // namespace twcard::service
