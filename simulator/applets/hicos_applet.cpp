#include "simulator/applets/hicos_applet.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/cards/transport_keys.hpp"

namespace twcard::simulator {

namespace {

constexpr std::uint8_t cla_plain = 0x80;
constexpr std::uint8_t cla_protected = 0x8C;
constexpr std::uint8_t ins_verify = 0x20;
constexpr std::uint8_t ins_get_challenge = 0x84;
constexpr std::uint8_t ins_select = 0xA4;
constexpr std::uint8_t ins_read_binary = 0xB0;
constexpr std::uint8_t ins_read_record = 0xB2;
constexpr std::uint8_t ins_rest_of_result = 0xC1;
constexpr std::uint8_t ins_private_operation = 0xEA;

constexpr std::size_t record_answer_octets = 129;
constexpr std::size_t challenge_octets = 8;
constexpr unsigned records_per_key = 4;

apdu::ResponseApdu get_challenge(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != challenge_octets) return only(sw::wrong_length);
  return {random_octets(challenge_octets), sw::ok};
}

} // namespace

apdu::ResponseApdu HicosApplet::process(const apdu::CommandApdu& command, Counters& counters) {
  m_card.next_command();
  if (command.cla == cla_protected && command.ins == ins_verify) return verify(command, counters);
  if (command.cla != cla_plain) return only(sw::class_not_supported);
  switch (command.ins) {
  case ins_select: return select(command);
  case ins_read_binary: return m_card.read_binary(command);
  case ins_read_record: return read_record(command);
  case ins_get_challenge: return get_challenge(command);
  case ins_verify: return m_card.check_pin({}, counters);
  case ins_private_operation: return m_card.private_operation(command, counters);
  case ins_rest_of_result: return m_card.rest_of_result(command);
  default: return only(sw::instruction_not_supported);
  }
}

apdu::ResponseApdu HicosApplet::select(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (command.data.size() != 2) return only(sw::wrong_length);
  return only(m_card.select(command.data) ? sw::ok : sw::file_not_found);
}

apdu::ResponseApdu HicosApplet::read_record(const apdu::CommandApdu& command) const {
  if (!command.data.empty() || command.le != record_answer_octets) return only(sw::wrong_length);
  if (command.p2 != 0x00) return only(sw::incorrect_p1_p2);
  if (const auto status = m_card.may_read_records(); !status.ok()) return only(status);
  for (const auto& key : m_card.keys())
    if (command.p1 >= key.reference && command.p1 < key.reference + records_per_key)
      return {key_record(command.p1, command.p1 - unsigned{key.reference}, key.pair.modulus(), key.pair.exponent()),
              sw::ok};
  return only(sw::record_not_found);
}

apdu::ResponseApdu HicosApplet::verify(const apdu::CommandApdu& command, Counters& counters) {
  if (command.data.empty()) return m_card.check_pin({}, counters);
  if (p1p2(command) != 0x0001) return only(sw::incorrect_p1_p2);
  if (command.data.size() != pin_block_octets) return only(sw::wrong_length);
  if (!m_card.key_file_selected()) return only(sw::conditions_not_satisfied);

  const auto entered = open_pin_block(command.data, as_bytes(transport_key(m_key_set)));
  if (!entered) {
    const bool other_key_set = open_pin_block(command.data, as_bytes(transport_key(3 - m_key_set))).has_value();
    return only(other_key_set ? sw::referenced_data_not_found : sw::wrong_mac);
  }
  return m_card.check_pin(*entered, counters);
}

} // namespace twcard::simulator
