#include "daemon/card/permission/card_choices.hpp"

#include "daemon/card/person/person_race.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

// Cards that come and go by themselves do not keep a question on the screen for ever.
constexpr int max_questions = 4;

constexpr std::size_t max_owner_octets = 128;

// Whole characters of UTF-8.
std::string first_octets(std::string text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  text.resize(size);
  return text;
}

std::string owner_of(const Snapshot& snapshot) {
  for (const auto& certificate : snapshot.certificates)
    if (certificate.on_card.key_reference && !certificate.info.common_name.empty())
      return first_octets(certificate.info.common_name, max_owner_octets);
  return {};
}

} // namespace

CardPlace place_of(const Token& token) {
  const auto& snapshot = *token.snapshot();
  return {std::string(card::name_of(snapshot.kind)), std::string(card::name_of(holder_of(snapshot))), token.reader,
          owner_of(snapshot)};
}

asio::awaitable<std::shared_ptr<const Token>>
CardChoices::card_for(Asking asking, Operation operation, TokenCache::Fits fits, std::shared_ptr<const Token> shown) {
  for (int questions = 0;; ++questions) {
    auto offered = co_await m_cards->find(asking.reader, fits);
    auto known = remembered(asking.caller, operation, offered);
    // Who has just taken a card out may be about to put another one in: the one that is left is not simply taken.
    if (!known && offered.size() == 1 && questions == 0) known = offered.front();
    if (known && (!shown || known == shown)) co_return known;
    if (!asking.caller.origin || offered.size() > rpc::max_cards_to_choose || questions == max_questions)
      throw Error(Errc::SeveralCards, "reader: several cards fit, name the reader");
    const auto among = insertions_of(offered);
    auto token = co_await ask(asking, fits, std::move(offered));
    if (!token) continue;
    if (is_legacy(operation)) m_chosen[{asking.caller.connection, *asking.caller.origin}][among] = token->insertion;
    co_return token;
  }
}

asio::awaitable<std::shared_ptr<const Token>> CardChoices::ask(Asking asking, TokenCache::Fits fits,
                                                               TokenCache::Tokens offered) {
  const auto changed = [cards = m_cards, reader = asking.reader, fits, offered] {
    return cards->fitting(reader, fits) != offered;
  };
  CardQuestion question{std::move(asking.caller), {}, changed};
  for (const auto& token : offered) question.cards.push_back(place_of(*token));
  auto answer = m_person.chooses_card(std::move(question));
  auto change = TokenCache::other_than(m_cards, asking.reader, fits, offered);
  const auto place = co_await answer_before(std::move(answer), std::move(change));
  if (!place || changed()) co_return nullptr;
  co_return offered.at(*place);
}

TokenCache::Tokens CardChoices::expected(const Asking& asking, Operation operation,
                                         const TokenCache::Fits& fits) const {
  auto offered = m_cards->fitting(asking.reader, fits);
  if (auto token = remembered(asking.caller, operation, offered)) return {std::move(token)};
  return offered;
}

std::shared_ptr<const Token> CardChoices::chosen(const Asking& asking, Operation operation,
                                                 const TokenCache::Fits& fits) const {
  // From all of them, also for a site that goes on to name the reader of the chosen one.
  auto token = remembered(asking.caller, operation, m_cards->fitting(std::nullopt, fits));
  if (token && asking.reader && token->reader != *asking.reader) return nullptr;
  return token;
}

std::shared_ptr<const Token> CardChoices::remembered(const Caller& caller, Operation operation,
                                                     const TokenCache::Tokens& offered) const {
  if (!caller.origin || !is_legacy(operation)) return nullptr;
  const auto of_site = m_chosen.find({caller.connection, *caller.origin});
  if (of_site == m_chosen.end()) return nullptr;
  const auto chosen = of_site->second.find(insertions_of(offered));
  if (chosen == of_site->second.end()) return nullptr;
  return *std::ranges::find(offered, chosen->second, &Token::insertion);
}

void CardChoices::connection_closed(std::uint64_t connection) {
  std::erase_if(m_chosen, [connection](const auto& chosen) { return chosen.first.first == connection; });
}

CardChoices::Insertions CardChoices::insertions_of(const TokenCache::Tokens& tokens) {
  Insertions insertions;
  for (const auto& token : tokens) insertions.insert(token->insertion);
  return insertions;
}

} // namespace twcard::service
