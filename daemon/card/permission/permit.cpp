#include "daemon/card/permission/permit.hpp"

#include "daemon/card/permission/permission.hpp"
#include "daemon/card/person/person_race.hpp"

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

asio::awaitable<void> Permit::obtain() {
  if (!includes(m_policy->ask_person, caller())) co_return;
  // From all of them, also for a site that goes on to name the reader of the chosen one.
  m_shown = earlier_choice(m_permission->m_cards->fitting(std::nullopt, m_fits));
  if (m_shown && m_request.reader && m_shown->reader != *m_request.reader) m_shown = nullptr;
  const auto cards = expected();
  if (!cards.empty() && m_permission->remembers(m_request.question, cards)) co_return;
  m_granted = co_await granted_card();
  if (!m_granted) co_await ask_about(m_shown);
}

asio::awaitable<void> Permit::ask_about(std::shared_ptr<const Token> shown) {
  auto question = m_request.question;
  if (shown) question.card = place_of(*shown);
  m_answer = co_await m_permission->ask_person(std::move(question));
}

asio::awaitable<ApprovedCard> Permit::card() {
  auto token = m_granted;
  if (!token) {
    token = co_await chosen_card();
    const TokenCache::Tokens only{token};
    const bool another_has_come =
        includes(m_policy->ask_person, caller()) && !m_answer && !m_permission->remembers(m_request.question, only);
    if (another_has_come) {
      co_await ask_about(token);
      if (token->removed) throw Error(Errc::CardRemoved, "the card was removed while the prompt was open");
    }
    if (m_answer) m_permission->remember(m_request.question, *m_answer, only);
  }
  if (m_policy->holds.opens_events && caller().origin) m_permission->m_pages.open_events(caller(), *token);
  co_return ApprovedCard(std::move(token));
}

asio::awaitable<std::shared_ptr<const Token>> Permit::granted_card() {
  if (!m_permission->may_be_granted(m_request.question)) co_return nullptr;
  co_await m_permission->m_cards->settled();
  const auto cards = expected();
  if (cards.size() != 1 || !m_permission->is_granted(m_request.question, *cards.front())) co_return nullptr;
  co_return cards.front();
}

asio::awaitable<std::shared_ptr<const Token>> Permit::chosen_card() {
  for (int questions = 0;; ++questions) {
    auto offered = co_await m_permission->m_cards->find(m_request.reader, m_fits);
    auto known = earlier_choice(offered);
    // Someone who has just removed a card may be about to insert another: the one that is left is not simply taken.
    if (!known && offered.size() == 1 && questions == 0) known = offered.front();
    if (known && (!m_shown || known == m_shown)) co_return known;
    if (!caller().origin || offered.size() > rpc::max_cards_to_choose || questions == max_questions)
      throw Error(Errc::SeveralCards, "reader: several cards fit, name the reader");
    auto token = co_await choose(offered);
    if (!token) continue;
    if (m_policy->holds.keeps_choice) m_permission->m_pages.keep_choice(caller(), offered, *token);
    co_return token;
  }
}

asio::awaitable<std::shared_ptr<const Token>> Permit::choose(TokenCache::Tokens offered) {
  const auto& cards = m_permission->m_cards;
  const auto changed = [cards, reader = m_request.reader, fits = m_fits, offered] {
    return cards->fitting(reader, fits) != offered;
  };
  CardQuestion question{caller(), {}, changed};
  for (const auto& token : offered) question.cards.push_back(place_of(*token));
  auto answer = m_permission->m_person.chooses_card(std::move(question));
  auto change = TokenCache::other_than(cards, m_request.reader, m_fits, offered);
  const auto place = co_await answer_before(std::move(answer), std::move(change));
  if (!place || changed()) co_return nullptr;
  co_return offered.at(*place);
}

TokenCache::Tokens Permit::expected() const {
  auto offered = m_permission->m_cards->fitting(m_request.reader, m_fits);
  if (auto token = earlier_choice(offered)) return {std::move(token)};
  return offered;
}

std::shared_ptr<const Token> Permit::earlier_choice(const TokenCache::Tokens& offered) const {
  if (!m_policy->holds.keeps_choice) return nullptr;
  return m_permission->m_pages.choice(caller(), offered);
}

std::vector<Bytes> Permit::likely_cards() const {
  std::vector<Bytes> answers_to_reset;
  for (const auto& token : expected()) answers_to_reset.push_back(token->atr);
  return answers_to_reset;
}

bool Permit::finds(const Fits& others) const {
  return !m_permission->m_cards->fitting(m_request.reader, others).empty();
}

void Permit::require_still(const ApprovedCard& card) const {
  if (m_answer || !includes(m_policy->ask_person, caller())) return;
  const TokenCache::Tokens only{card.token()};
  if (!m_permission->remembers(m_request.question, only)) m_permission->use_grant(m_request.question, *card);
}

} // namespace twcard::service
