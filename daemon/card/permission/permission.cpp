#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

namespace asio = boost::asio;

namespace {

TokenCache::Tokens cards_in(const std::vector<TokenCache::ReaderEntry>& readers) {
  TokenCache::Tokens cards;
  for (const auto& [name, token] : readers)
    if (token) cards.push_back(token);
  return cards;
}

} // namespace

asio::awaitable<Permit> Permission::ask(CardRequest request, Fits fits) {
  const auto& policy = policy_for(request.question);
  Permit permit(*this, policy, std::move(request), std::move(fits));
  co_await permit.obtain();
  co_return permit;
}

asio::awaitable<Released<std::vector<ApprovedReader>>> Permission::list(CardRequest request) {
  const auto& [question, reader] = request;
  static_cast<void>(policy_for(question));
  co_await m_cards->known();
  bool covered = remembers(question, cards_in(readers_meant(reader)));
  if (!covered && may_be_granted(question)) {
    co_await m_cards->settled();
    covered = all_granted(question, cards_in(readers_meant(reader)));
  }
  std::optional<ConsentAnswer> answer;
  if (!covered) answer = co_await ask_person(question);
  for (;;) {
    co_await m_cards->settled();
    if (!m_cards->pcsc_reachable()) throw Error(Errc::NoPcsc, "the PC/SC service cannot be reached");
    const auto readers = readers_meant(reader);
    if (reader && readers.empty()) throw Error(Errc::NoReader, "reader: no reader of this name");
    const auto cards = cards_in(readers);
    if (answer) remember(question, *answer, cards);
    const bool asked = answer || remembers(question, cards);
    if (asked || all_granted(question, cards)) {
      if (!asked)
        for (const auto& token : cards) use_grant(question, *token);
      co_return Released(approved(readers));
    }
    // Cards have come or gone since, or a consent was revoked.
    answer = co_await ask_person(question);
  }
}

std::vector<ApprovedReader> Permission::list_for_program(const Caller& caller) const {
  require_caller(policy_of(Operation::Login), caller);
  return approved(m_cards->readers());
}

std::vector<ApprovedReader> Permission::approved(const std::vector<TokenCache::ReaderEntry>& readers) {
  std::vector<ApprovedReader> all;
  for (const auto& [name, token] : readers)
    all.push_back({name, token ? std::optional(ApprovedCard(token)) : std::nullopt});
  return all;
}

std::size_t Permission::revoked(const std::optional<std::string>& origin) {
  m_pages.revoke(origin);
  return m_grants.revoke(origin);
}

const Policy& Permission::policy_for(const ConsentQuestion& question) const {
  const auto& policy = policy_of(question.operation, m_table);
  require_caller(policy, question.caller);
  return policy;
}

asio::awaitable<ConsentAnswer> Permission::ask_person(ConsentQuestion question) {
  ConsentAnswer answer;
  answer.revocations = m_grants.revocations();
  question.may_be_remembered = is_grantable(question);
  answer.consent = co_await m_person.approves(std::move(question));
  if (answer.consent == Consent::Refused) throw Error(Errc::ConsentDenied, "the user refused");
  co_return answer;
}

void Permission::remember(const ConsentQuestion& question, const ConsentAnswer& answer,
                          const TokenCache::Tokens& cards) {
  if (answer.revocations != m_grants.revocations()) return;
  if (policy_for(question).holds.remembered) m_pages.keep_consent(question.caller, question.operation, cards);
  if (answer.consent != Consent::Always || !is_grantable(question)) return;
  for (const auto& token : cards)
    if (const auto* snapshot = token->snapshot()) m_grants.give(question, snapshot->card_number_hash);
}

bool Permission::remembers(const ConsentQuestion& question, const TokenCache::Tokens& cards) const {
  return policy_for(question).holds.remembered && m_pages.has_consent(question.caller, question.operation, cards);
}

bool Permission::is_grantable(const ConsentQuestion& question) const {
  return policy_for(question).holds.grantable && Grants::may_hold(question);
}

bool Permission::may_be_granted(const ConsentQuestion& question) const {
  return is_grantable(question) && m_grants.cover_for_some_card(question) &&
         m_person.may_be_asked(*question.caller.origin);
}

bool Permission::is_granted(const ConsentQuestion& question, const Token& token) const {
  const auto* snapshot = token.snapshot();
  return snapshot != nullptr && is_grantable(question) && m_grants.cover(question, snapshot->card_number_hash) &&
         m_person.may_be_asked(*question.caller.origin);
}

bool Permission::all_granted(const ConsentQuestion& question, const TokenCache::Tokens& cards) const {
  return !cards.empty() && std::ranges::all_of(cards, [&](const auto& token) { return is_granted(question, *token); });
}

void Permission::use_grant(const ConsentQuestion& question, const Token& token) {
  if (!is_granted(question, token))
    throw Error(Errc::ConsentDenied, "the consent was revoked, or the site was silenced, in the meantime");
  m_grants.used(question, token.snapshot()->card_number_hash);
}

std::vector<TokenCache::ReaderEntry> Permission::readers_meant(const std::optional<std::string>& reader) const {
  auto readers = m_cards->readers();
  if (reader) std::erase_if(readers, [&reader](const auto& entry) { return entry.name != *reader; });
  return readers;
}

} // namespace twcard::service
