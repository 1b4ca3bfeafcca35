#include "daemon/card/nhi/legacy_nhi.hpp"

#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;

asio::awaitable<Released<LegacyNhi::Basic>> LegacyNhi::basic(CardRequest request) {
  auto permit = co_await m_permission.ask(std::move(request), is_nhi);
  const auto card = co_await permit.card();
  auto basic = co_await read(card, Part::All);
  co_return permit.release(card, std::move(basic));
}

asio::awaitable<Released<LegacyNhi::Encrypted>> LegacyNhi::encrypt_basic(CardRequest request) {
  auto permit = co_await m_permission.ask(std::move(request), is_nhi);
  const auto card = co_await permit.card();
  const auto [fields, termination] = co_await read(card, Part::All);
  // In the name's place stand the card's own octets.
  const auto text = fmt::format("{},{},{},{},{},{}", fields.card_number, fields.id_number, as_text(fields.name),
                                fields.birth_date, fields.sex, termination);
  const auto* profile = m_profiles.nhi_for(card->atr);
  Encrypted encrypted{fields.card_number, service::encrypt_basic(as_bytes(text), today()),
                      profile != nullptr && profile->secure_basic_prefix};
  co_return permit.release(card, std::move(encrypted));
}

asio::awaitable<Released<LegacyNhi::Encrypted>> LegacyNhi::encrypt_password(CardRequest request, SecureBytes password) {
  const auto effective = effective_password(password.view());
  auto permit = co_await m_permission.ask(std::move(request), is_nhi);
  const auto card = co_await permit.card();
  const auto* profile = m_profiles.nhi_for(card->atr);
  if (profile == nullptr)
    throw Error(Errc::ProfileMissing, "no card profile of kind \"nhi\" fits the card: the keys are not known");
  const auto record = co_await read(card, Part::BasicRecord);
  const auto& number = record.fields.card_number;
  Encrypted encrypted{number, service::encrypt_password(effective, number, today(), *profile)};
  co_return permit.release(card, std::move(encrypted));
}

asio::awaitable<LegacyNhi::Basic> LegacyNhi::read(ApprovedCard card, Part part) {
  std::function<Basic(reader::Transaction&, card::Card&)> question = [part](reader::Transaction& transaction,
                                                                            card::Card&) {
    card::NhiCard::select(transaction);
    Basic basic;
    basic.fields = at_step("basic_record", [&transaction] { return card::NhiCard::fields(transaction); });
    if (part == Part::All)
      basic.termination = at_step("card_data", [&transaction] { return card::NhiCard::termination(transaction); });
    return basic;
  };
  return card.ask(std::move(question));
}

} // namespace twcard::service
