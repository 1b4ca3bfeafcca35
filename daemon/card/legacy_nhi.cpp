#include "daemon/card/legacy_nhi.hpp"

#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

constexpr auto operation = Operation::LegacyNhiRead;

bool is_nhi(const Snapshot& snapshot) {
  return snapshot.kind == card::CardKind::Nhi;
}

} // namespace

asio::awaitable<LegacyNhi::Basic> LegacyNhi::basic(Asking asking) {
  const auto token = co_await agreed_card(std::move(asking));
  co_return co_await read(token, Part::All);
}

asio::awaitable<LegacyNhi::EncryptedBasic> LegacyNhi::encrypt_basic(Asking asking) {
  const auto token = co_await agreed_card(std::move(asking));
  const auto [fields, termination] = co_await read(token, Part::All);
  // In the name's place stand the card's own octets.
  const auto text = fmt::format("{},{},{},{},{},{}", fields.card_number, fields.id_number, as_text(fields.name),
                                fields.birth_date, fields.sex, termination);
  const auto* profile = m_profiles.nhi_for(token->atr);
  co_return EncryptedBasic{service::encrypt_basic(as_bytes(text), today()),
                           profile != nullptr && profile->secure_basic_prefix};
}

asio::awaitable<std::string> LegacyNhi::encrypt_password(Asking asking, SecureBytes password) {
  const auto effective = effective_password(password.view());
  const auto token = co_await agreed_card(std::move(asking));
  const auto* profile = m_profiles.nhi_for(token->atr);
  if (profile == nullptr)
    throw Error(Errc::ProfileMissing, "no card profile of kind \"nhi\" fits the card: the keys are not known");
  const auto record = co_await read(token, Part::BasicRecord);
  co_return service::encrypt_password(effective, record.fields.card_number, today(), *profile);
}

asio::awaitable<std::shared_ptr<const Token>> LegacyNhi::agreed_card(Asking asking) {
  ReadConsents::Insertions cards;
  for (const auto& token : m_choices.expected(asking, operation, is_nhi)) cards.insert(token->insertion);
  const bool asked = cards.empty() || !m_consents.cover(asking.caller, operation, cards);
  ConsentQuestion question{asking.caller, operation, {}, {}, {}};
  if (asked) co_await require_consent(m_person, question);

  const auto token = co_await m_choices.card_for(asking, operation, is_nhi);
  const ReadConsents::Insertions this_card{token->insertion};
  const bool another_has_come = !asked && !m_consents.cover(asking.caller, operation, this_card);
  if (another_has_come) co_await require_consent(m_person, std::move(question));
  m_consents.given(asking.caller, operation, this_card);
  m_granted(asking.caller, *token);
  co_return token;
}

asio::awaitable<LegacyNhi::Basic> LegacyNhi::read(std::shared_ptr<const Token> token, Part part) {
  std::function<Basic(reader::Transaction&, card::Card&)> ask = [part](reader::Transaction& transaction, card::Card&) {
    card::NhiCard::select(transaction);
    Basic basic;
    basic.fields = at_step("basic_record", [&transaction] { return card::NhiCard::fields(transaction); });
    if (part == Part::All)
      basic.termination = at_step("card_data", [&transaction] { return card::NhiCard::termination(transaction); });
    return basic;
  };
  co_return co_await CardWorker::ask(token->worker, token->insertion, std::move(ask));
}

} // namespace twcard::service
