#include "daemon/card/permission/granted_cards.hpp"

#include "driver/base/error.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

bool is_meant(const TokenCache::ReaderEntry& entry, const std::optional<std::string>& reader) {
  return entry.token && (!reader || *reader == entry.name);
}

} // namespace

bool GrantedCards::hopeful(const ConsentQuestion& question) const {
  return m_grants->cover_for_some_card(question) && m_person.may_be_asked(*question.caller.origin);
}

asio::awaitable<std::shared_ptr<const Token>>
GrantedCards::card_for(ConsentQuestion question, std::optional<std::string> reader, TokenCache::Fits fits) {
  if (!hopeful(question)) co_return nullptr;
  co_await m_cards->settled();
  const Asking asking{question.caller, std::move(reader)};
  const auto expected = m_choices.expected(asking, question.operation, fits);
  if (expected.size() != 1 || !cover(question, *expected.front())) co_return nullptr;
  co_return expected.front();
}

asio::awaitable<bool> GrantedCards::all_granted(ConsentQuestion question, std::optional<std::string> reader) {
  if (!hopeful(question)) co_return false;
  co_await m_cards->settled();
  auto readers = m_cards->readers();
  std::erase_if(readers, [&reader](const auto& entry) { return !is_meant(entry, reader); });
  co_return cover_all(question, readers);
}

bool GrantedCards::use_all(const ConsentQuestion& question, const std::vector<TokenCache::ReaderEntry>& readers) {
  if (!cover_all(question, readers)) return false;
  for (const auto& entry : readers)
    if (entry.token) require_still(question, *entry.token);
  return true;
}

bool GrantedCards::cover_all(const ConsentQuestion& question,
                             const std::vector<TokenCache::ReaderEntry>& readers) const {
  const auto has_card = [](const auto& entry) { return entry.token != nullptr; };
  return std::ranges::any_of(readers, has_card) &&
         std::ranges::all_of(readers, [&](const auto& entry) { return !entry.token || cover(question, *entry.token); });
}

asio::awaitable<Answer> GrantedCards::ask(ConsentQuestion question) {
  Answer answer;
  answer.revocations = m_grants->revocations();
  question.may_be_remembered = Grants::may_hold(question);
  answer.consent = co_await require_consent(m_person, std::move(question));
  co_return answer;
}

bool GrantedCards::cover(const ConsentQuestion& question, const Token& token) const {
  const auto* snapshot = token.snapshot();
  return snapshot != nullptr && m_grants->cover(question, snapshot->card_number_hash) &&
         m_person.may_be_asked(*question.caller.origin);
}

asio::awaitable<Agreed> GrantedCards::agreed_card(ConsentQuestion question, std::optional<std::string> reader,
                                                  TokenCache::Fits fits) {
  Agreed agreed;
  agreed.token = co_await card_for(question, reader, fits);
  if (agreed.token) co_return agreed;
  agreed.answer = co_await ask(question);
  Asking asking{question.caller, std::move(reader)};
  agreed.token = co_await m_choices.card_for(std::move(asking), question.operation, std::move(fits));
  grant(*agreed.answer, question, *agreed.token);
  co_return agreed;
}

void GrantedCards::grant(const Answer& answer, const ConsentQuestion& question, const Token& token) {
  const auto* snapshot = token.snapshot();
  if (answer.consent == Consent::Always && stands(answer) && snapshot != nullptr)
    m_grants->give(question, snapshot->card_number_hash);
}

void GrantedCards::require_still(const ConsentQuestion& question, const Token& token) {
  if (!cover(question, token))
    throw Error(Errc::ConsentDenied, "the consent was revoked, or the site was silenced, in the meantime");
  m_grants->used(question, token.snapshot()->card_number_hash);
}

} // namespace twcard::service
