#include "daemon/card/nhi/legacy_nhi.hpp"

#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

bool is_nhi(const Snapshot& snapshot) {
  return snapshot.kind == card::CardKind::Nhi;
}

ConsentQuestion question_of(const Asking& asking) {
  return {asking.caller, Operation::LegacyNhiRead, {}, {}, {}};
}

} // namespace

asio::awaitable<LegacyNhi::Basic> LegacyNhi::basic(Asking asking) {
  const auto agreed = co_await agreed_card(asking);
  co_return co_await read(std::move(asking), agreed, Part::All);
}

asio::awaitable<LegacyNhi::Encrypted> LegacyNhi::encrypt_basic(Asking asking) {
  const auto agreed = co_await agreed_card(asking);
  const auto [fields, termination] = co_await read(std::move(asking), agreed, Part::All);
  // In the name's place stand the card's own octets.
  const auto text = fmt::format("{},{},{},{},{},{}", fields.card_number, fields.id_number, as_text(fields.name),
                                fields.birth_date, fields.sex, termination);
  const auto* profile = m_profiles.nhi_for(agreed.token->atr);
  co_return Encrypted{fields.card_number, service::encrypt_basic(as_bytes(text), today()),
                      profile != nullptr && profile->secure_basic_prefix};
}

asio::awaitable<LegacyNhi::Encrypted> LegacyNhi::encrypt_password(Asking asking, SecureBytes password) {
  const auto effective = effective_password(password.view());
  const auto agreed = co_await agreed_card(asking);
  const auto* profile = m_profiles.nhi_for(agreed.token->atr);
  if (profile == nullptr)
    throw Error(Errc::ProfileMissing, "no card profile of kind \"nhi\" fits the card: the keys are not known");
  const auto record = co_await read(std::move(asking), agreed, Part::BasicRecord);
  const auto& number = record.fields.card_number;
  co_return Encrypted{number, service::encrypt_password(effective, number, today(), *profile)};
}

asio::awaitable<Agreed> LegacyNhi::agreed_card(Asking asking) {
  auto agreed = co_await m_readings.agreed_card(question_of(asking), std::move(asking.reader), is_nhi);
  m_granted(asking.caller, *agreed.token);
  co_return agreed;
}

asio::awaitable<LegacyNhi::Basic> LegacyNhi::read(Asking asking, Agreed agreed, Part part) {
  std::function<Basic(reader::Transaction&, card::Card&)> ask = [part](reader::Transaction& transaction, card::Card&) {
    card::NhiCard::select(transaction);
    Basic basic;
    basic.fields = at_step("basic_record", [&transaction] { return card::NhiCard::fields(transaction); });
    if (part == Part::All)
      basic.termination = at_step("card_data", [&transaction] { return card::NhiCard::termination(transaction); });
    return basic;
  };
  auto basic = co_await CardWorker::ask(agreed.token->worker, agreed.token->insertion, std::move(ask));
  m_readings.require_still(question_of(asking), agreed);
  co_return basic;
}

} // namespace twcard::service
