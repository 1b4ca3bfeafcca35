#include "driver/card/nhi/nhi_card.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/card/nhi/nhi_record.hpp"
#include "driver/reader/exchange.hpp"

#include <array>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr std::uint8_t cla = 0x00;
constexpr std::array<std::uint8_t, 16> insurance_applet{0xD1, 0x58, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
                                                        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x11, 0x00};
constexpr std::uint16_t card_number_object = 0x0000;
constexpr std::uint16_t basic_record_object = 0x1100;
constexpr std::uint16_t card_data_object = 0x2400;
constexpr std::size_t challenge_octets = 8;
constexpr std::size_t module_data_octets = 32;
constexpr std::size_t card_answer_octets = 16;

apdu::ResponseApdu select_applet(reader::Transaction& transaction) {
  return reader::exchange(transaction, apdu::select_application(cla, insurance_applet));
}

// GET DATA as this card has it: with two octets of data, unlike ISO/IEC 7816-4:2005 section 7.4.2.
apdu::ResponseApdu get_data(reader::Transaction& transaction, std::uint16_t object) {
  const apdu::CommandApdu command{
      cla, 0xCA, static_cast<std::uint8_t>(object >> 8), static_cast<std::uint8_t>(object & 0xFF), {0x00, 0x00}, 256};
  return reader::exchange(transaction, command);
}

// This card has no PIN that a computer could send: 6982, 6983 and 63Cx are refusals like any other.
void expect_done(const apdu::ResponseApdu& response, std::string_view doing) {
  if (!response.status.ok())
    throw Error(Errc::CardRefused, fmt::format("{}: the card answered {:04X}", doing, response.status.value()));
}

Bytes basic_record(reader::Transaction& transaction) {
  auto basic = get_data(transaction, basic_record_object);
  expect_done(basic, "reading the basic record");
  return std::move(basic.data);
}

std::string selected_number(reader::Transaction& transaction) {
  const auto number = get_data(transaction, card_number_object);
  expect_done(number, "reading the card number");
  return parse_nhi_card_number(number.data);
}

} // namespace

bool NhiCard::probe(reader::Transaction& transaction) {
  return select_applet(transaction).status.ok();
}

NhiRecord NhiCard::read(reader::Transaction& transaction) {
  select(transaction);
  auto record = parse_nhi_record(basic_record(transaction));

  const auto card_data = get_data(transaction, card_data_object);
  if (card_data.status.ok() && !card_data.data.empty()) {
    record.termination = parse_termination_mark(card_data.data);
  } else {
    record.warnings.emplace_back("termination: the card does not tell");
  }
  return record;
}

void NhiCard::select(reader::Transaction& transaction) {
  expect_done(select_applet(transaction), "selecting the insurance applet");
}

NhiFields NhiCard::fields(reader::Transaction& transaction) {
  return parse_nhi_fields(basic_record(transaction));
}

std::string NhiCard::termination(reader::Transaction& transaction) {
  const auto card_data = get_data(transaction, card_data_object);
  expect_done(card_data, "reading the card data");
  return card_data.data.empty() ? std::string() : termination_character(card_data.data.front());
}

std::string NhiCard::card_number(reader::Transaction& transaction) {
  select(transaction);
  return selected_number(transaction);
}

NhiCard::Opening NhiCard::begin_authentication(reader::Transaction& transaction) {
  select(transaction);
  auto number = at_step("card_number", [&transaction] { return selected_number(transaction); });
  auto octets = at_step("card_challenge", [&transaction] {
    auto challenge = reader::exchange(transaction, apdu::get_challenge(cla, challenge_octets));
    expect_done(challenge, "asking for a challenge");
    if (challenge.data.size() != challenge_octets) throw Error(Errc::BadCardData, "challenge: not 8 octets");
    return std::move(challenge.data);
  });
  return {std::move(number), std::move(octets)};
}

Bytes NhiCard::authenticate(reader::Transaction& transaction, ByteView module_data) {
  if (module_data.size() != module_data_octets) throw Error(Errc::BadRequest, "module data: not 32 octets");
  transaction.pin_follows();
  const apdu::CommandApdu command{cla, 0x82, 0x11, 0x12, {module_data.begin(), module_data.end()}, card_answer_octets};
  return at_step("card_answer", [&transaction, &command] {
    auto answer = reader::exchange(transaction, command);
    expect_done(answer, "mutual authentication");
    if (answer.data.size() != card_answer_octets) throw Error(Errc::BadCardData, "authentication: not 16 octets");
    return std::move(answer.data);
  });
}

} // namespace twcard::card
