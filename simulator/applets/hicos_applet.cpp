#include "simulator/applets/hicos_applet.hpp"

#include "simulator/status_words.hpp"
#include "simulator/transport_keys.hpp"

#include <algorithm>
#include <utility>

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

constexpr std::size_t read_limit = 200;
constexpr std::size_t record_answer_octets = 129;
constexpr std::size_t challenge_octets = 8;
constexpr std::size_t half_block_octets = 128;
constexpr unsigned records_per_key = 4;
constexpr int pin_tries = 3;

apdu::ResponseApdu only(apdu::StatusWord status) {
  return {{}, status};
}

unsigned p1p2(const apdu::CommandApdu& command) {
  return static_cast<unsigned>(command.p1 << 8 | command.p2);
}

} // namespace

void HicosApplet::reset() {
  m_directory = "3F00";
  m_file.clear();
  m_logged_in = false;
  m_chain = {};
}

apdu::ResponseApdu HicosApplet::process(const apdu::CommandApdu& command, Counters& counters) {
  const auto chain = std::exchange(m_chain, {});
  if (command.cla == cla_protected && command.ins == ins_verify) return verify(command, counters);
  if (command.cla != cla_plain) return only(sw::class_not_supported);
  switch (command.ins) {
  case ins_select: return select(command);
  case ins_read_binary: return read_binary(command);
  case ins_read_record: return read_record(command);
  case ins_get_challenge: return get_challenge(command);
  case ins_verify: return failed_verify(counters);
  case ins_private_operation: return private_operation(command, chain, counters);
  case ins_rest_of_result: return rest_of_result(command, chain);
  default: return only(sw::instruction_not_supported);
  }
}

bool HicosApplet::is_directory(const std::string& path) const {
  const auto inside = path + "/";
  const auto next = m_data.files.lower_bound(inside);
  return next != m_data.files.end() && next->first.starts_with(inside);
}

apdu::ResponseApdu HicosApplet::select(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (command.data.size() != 2) return only(sw::wrong_length);
  const auto identifier = to_hex(command.data);
  const auto path = identifier == "3F00" ? identifier : m_directory + "/" + identifier;
  if (identifier == "3F00" || is_directory(path)) {
    m_directory = path;
    m_file.clear();
    return only(sw::ok);
  }
  if (!m_data.files.contains(path) && path != public_key_file && path != private_key_file)
    return only(sw::file_not_found);
  m_file = path;
  return only(sw::ok);
}

apdu::ResponseApdu HicosApplet::read_binary(const apdu::CommandApdu& command) const {
  if (!command.data.empty() || !command.le || *command.le > read_limit) return only(sw::wrong_length);
  if (m_file.empty()) return only(sw::no_current_file);
  const auto file = m_data.files.find(m_file);
  if (file == m_data.files.end()) return only(sw::wrong_file_structure);
  if (*command.le > m_data.max_read) return only(sw::expected_sm_objects_missing);
  const ByteView content(file->second);
  const std::size_t offset = p1p2(command);
  if (offset >= content.size()) return only(sw::wrong_parameters);
  const auto count = std::min<std::size_t>(*command.le, content.size() - offset);
  return {to_bytes(content.subspan(offset, count)), count == *command.le ? sw::ok : sw::end_of_file};
}

apdu::ResponseApdu HicosApplet::read_record(const apdu::CommandApdu& command) const {
  if (!command.data.empty() || command.le != record_answer_octets) return only(sw::wrong_length);
  if (command.p2 != 0x00) return only(sw::incorrect_p1_p2);
  if (m_file.empty()) return only(sw::no_current_file);
  if (m_file == private_key_file) return only(sw::security_status_not_satisfied);
  if (m_file != public_key_file) return only(sw::wrong_file_structure);
  for (const auto& key : m_data.keys)
    if (command.p1 >= key.reference && command.p1 < key.reference + records_per_key)
      return {key_record(command.p1, command.p1 - unsigned{key.reference}, key.pair.modulus(), key.pair.exponent()),
              sw::ok};
  return only(sw::record_not_found);
}

apdu::ResponseApdu HicosApplet::get_challenge(const apdu::CommandApdu& command) const {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != challenge_octets) return only(sw::wrong_length);
  return {random_octets(challenge_octets), sw::ok};
}

apdu::ResponseApdu HicosApplet::failed_verify(Counters& counters) {
  ++counters.verifies;
  m_logged_in = false;
  if (m_data.tries_left == 0) return only(sw::authentication_method_blocked);
  ++counters.failed_verifies;
  --m_data.tries_left;
  return only(apdu::StatusWord(static_cast<std::uint16_t>(0x63C0 | m_data.tries_left)));
}

apdu::ResponseApdu HicosApplet::verify(const apdu::CommandApdu& command, Counters& counters) {
  if (command.data.empty()) return failed_verify(counters);
  if (p1p2(command) != 0x0001) return only(sw::incorrect_p1_p2);
  if (command.data.size() != pin_block_octets) return only(sw::wrong_length);
  if (m_file != public_key_file) return only(sw::conditions_not_satisfied);

  const auto entered = open_pin_block(command.data, as_bytes(transport_key(m_data.key_set)));
  if (!entered) {
    const bool other_key_set = open_pin_block(command.data, as_bytes(transport_key(3 - m_data.key_set))).has_value();
    return only(other_key_set ? sw::referenced_data_not_found : sw::wrong_mac);
  }
  auto stored = to_bytes(as_bytes(m_data.pin));
  stored.resize(pin_field_octets, 0xFF);
  if (m_data.tries_left == 0 || *entered != stored) return failed_verify(counters);
  ++counters.verifies;
  m_data.tries_left = pin_tries;
  m_logged_in = true;
  return only(sw::ok);
}

const HicosKey* HicosApplet::key(std::uint8_t reference) const {
  const auto found = std::find_if(m_data.keys.begin(), m_data.keys.end(),
                                  [reference](const HicosKey& key) { return key.reference == reference; });
  return found == m_data.keys.end() ? nullptr : &*found;
}

apdu::ResponseApdu HicosApplet::private_operation(const apdu::CommandApdu& command, const Chain& chain,
                                                  Counters& counters) {
  if (!m_logged_in) return only(sw::security_status_not_satisfied);
  if (command.p1 != 0x82 && command.p1 != 0x02) return only(sw::incorrect_p1_p2);
  if (command.data.size() != half_block_octets) return only(sw::wrong_length);
  if (m_file != public_key_file) return only(sw::conditions_not_satisfied);
  const auto* key_used = key(command.p2);
  if (key_used == nullptr) return only(sw::referenced_data_not_found);

  if (command.p1 == 0x82) {
    m_chain = FirstHalf{command.p2, to_bytes(command.data)};
    return only(sw::ok);
  }
  const auto* first = std::get_if<FirstHalf>(&chain);
  if (first == nullptr || first->reference != command.p2) return only(sw::conditions_not_satisfied);
  auto block = first->octets;
  block.insert(block.end(), command.data.begin(), command.data.end());
  const auto result = key_used->pair.raw_private(block);
  ++counters.private_operations;
  if (!result) return only(sw::wrong_data);
  const ByteView octets(*result);
  m_chain = SecondResult{to_bytes(octets.subspan(half_block_octets))};
  return {to_bytes(octets.first(half_block_octets)), sw::ok};
}

apdu::ResponseApdu HicosApplet::rest_of_result(const apdu::CommandApdu& command, const Chain& chain) const {
  if (!m_logged_in) return only(sw::security_status_not_satisfied);
  if (p1p2(command) != 0x0080) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != half_block_octets) return only(sw::wrong_length);
  const auto* rest = std::get_if<SecondResult>(&chain);
  if (rest == nullptr) return only(sw::conditions_not_satisfied);
  return {rest->octets, sw::ok};
}

} // namespace twcard::simulator
