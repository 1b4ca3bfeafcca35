#include "daemon/card/permission/legacy_readings.hpp"

#include "driver/base/error.hpp"

namespace twcard::service {

namespace asio = boost::asio;

namespace {

TokenCache::Tokens cards_in(const std::vector<TokenCache::ReaderEntry>& readers) {
  TokenCache::Tokens cards;
  for (const auto& [name, token] : readers)
    if (token) cards.push_back(token);
  return cards;
}

ReadConsents::Insertions insertions_of(const TokenCache::Tokens& cards) {
  ReadConsents::Insertions insertions;
  for (const auto& token : cards) insertions.insert(token->insertion);
  return insertions;
}

ConsentQuestion showing(ConsentQuestion question, const std::shared_ptr<const Token>& token) {
  if (token) question.card = place_of(*token);
  return question;
}

} // namespace

asio::awaitable<Agreed> LegacyReadings::agreed_card(ConsentQuestion question, std::optional<std::string> reader,
                                                    TokenCache::Fits fits) {
  const Asking asking{question.caller, reader};
  const auto operation = question.operation;
  const auto chosen = m_choices.chosen(asking, operation, fits);
  const auto expected = m_choices.expected(asking, operation, fits);
  Agreed agreed;
  if (expected.empty() || !held(question, expected)) {
    agreed.token = co_await m_grants.card_for(question, reader, fits);
    if (agreed.token) co_return agreed;
    auto asked = showing(question, chosen);
    agreed.answer = co_await m_grants.ask(std::move(asked));
  }
  agreed.token = co_await m_choices.card_for(asking, operation, fits, chosen);
  const bool another_has_come = !agreed.answer && !held(question, {agreed.token});
  if (another_has_come) {
    auto asked = showing(question, agreed.token);
    agreed.answer = co_await m_grants.ask(std::move(asked));
    if (agreed.token->removed) throw Error(Errc::CardRemoved, "the card was removed while the prompt was open");
  }
  if (agreed.answer) remember(question, *agreed.answer, {agreed.token});
  co_return agreed;
}

asio::awaitable<std::vector<TokenCache::ReaderEntry>> LegacyReadings::all_readers(ConsentQuestion question,
                                                                                  std::optional<std::string> reader) {
  co_await m_cards->known();
  std::optional<Answer> answer;
  bool covered = held(question, cards_in(listed(reader)));
  if (!covered) covered = co_await m_grants.all_granted(question, reader);
  if (!covered) answer = co_await m_grants.ask(question);
  for (;;) {
    co_await m_cards->settled();
    if (!m_cards->pcsc_reachable()) throw Error(Errc::NoPcsc, "the PC/SC service cannot be reached");
    auto readers = listed(reader);
    if (reader && readers.empty()) throw Error(Errc::NoReader, "reader: no reader of this name");
    if (answer) remember(question, *answer, cards_in(readers));
    if (answer || held(question, cards_in(readers)) || m_grants.use_all(question, readers)) co_return readers;
    // Cards have come or gone since, or a consent was taken back.
    answer = co_await m_grants.ask(question);
  }
}

void LegacyReadings::require_still(const ConsentQuestion& question, const Agreed& agreed) {
  if (!agreed.answer && !held(question, {agreed.token})) m_grants.require_still(question, *agreed.token);
}

bool LegacyReadings::held(const ConsentQuestion& question, const TokenCache::Tokens& cards) const {
  return m_consents.cover(question.caller, question.operation, insertions_of(cards));
}

std::vector<TokenCache::ReaderEntry> LegacyReadings::listed(const std::optional<std::string>& reader) const {
  auto readers = m_cards->readers();
  if (reader) std::erase_if(readers, [&reader](const auto& entry) { return entry.name != *reader; });
  return readers;
}

void LegacyReadings::remember(const ConsentQuestion& question, const Answer& answer, const TokenCache::Tokens& cards) {
  if (!m_grants.stands(answer)) return;
  m_consents.given(question.caller, question.operation, insertions_of(cards));
  for (const auto& token : cards) m_grants.grant(answer, question, *token);
}

} // namespace twcard::service
