#include "simulator/applets/pkcs15_applet.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/crypto/der.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t cla_plain = 0x00;
constexpr std::uint8_t cla_chained = 0x10;
constexpr std::uint8_t ins_verify = 0x20;
constexpr std::uint8_t ins_manage_environment = 0x22;
constexpr std::uint8_t ins_security_operation = 0x2A;
constexpr std::uint8_t ins_get_challenge = 0x84;
constexpr std::uint8_t ins_select = 0xA4;
constexpr std::uint8_t ins_read_binary = 0xB0;

constexpr unsigned set_for_signature = 0x41B6;
constexpr unsigned set_for_decipherment = 0x41B8;
constexpr unsigned compute_digital_signature = 0x9E9A;
constexpr unsigned decipher_cryptogram = 0x8086;
constexpr std::uint8_t tag_algorithm = 0x80;
constexpr std::uint8_t tag_file = 0x81;
constexpr std::uint8_t tag_private_key = 0x84;
constexpr std::uint8_t padding_by_pkcs_1 = 0x00; // padding indicator of a cryptogram: no further indication

constexpr std::size_t max_chain_octets = 1024;
constexpr std::size_t max_challenge_octets = 256;
constexpr std::size_t min_random_padding = 8;
constexpr int all_tries = 3;
constexpr const char* master_file = "3F00";

apdu::ResponseApdu get_challenge(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || !command.le || *command.le > max_challenge_octets) return only(sw::wrong_length);
  return {random_octets(*command.le), sw::ok};
}

// 00 01 FF… 00 data, RFC 8017 section 9.2; empty when the data are too long for it.
Bytes padded(ByteView data, std::size_t size) {
  if (data.size() + min_random_padding + 3 > size) return {};
  Bytes block(size - data.size(), 0xFF);
  block[0] = 0x00;
  block[1] = 0x01;
  block.back() = 0x00;
  block.insert(block.end(), data.begin(), data.end());
  return block;
}

// What is in 00 02 <random, no zero> 00 data, RFC 8017 section 7.2.2; nothing when that is not what the block is.
std::optional<Bytes> unpadded(const Bytes& block) {
  if (block[0] != 0x00 || block[1] != 0x02) return std::nullopt;
  const auto end = std::find(block.begin() + 2, block.end(), 0x00);
  if (end == block.end() || end - block.begin() < static_cast<std::ptrdiff_t>(2 + min_random_padding))
    return std::nullopt;
  return Bytes(end + 1, block.end());
}

std::string identifier_of(const std::string& path) {
  return path.substr(path.size() - 4);
}

} // namespace

void Pkcs15Applet::reset() {
  m_directory = master_file;
  m_file.clear();
  m_logged_in = false;
  m_signature.reset();
  m_decipherment.reset();
  m_chain.reset();
}

apdu::ResponseApdu Pkcs15Applet::process(const apdu::CommandApdu& command, Counters& counters) {
  if (command.cla != cla_plain && command.cla != cla_chained) return only(sw::class_not_supported);
  auto whole = command;
  if (m_chain) {
    const auto begun = std::move(*m_chain);
    m_chain.reset();
    if (begun.ins != command.ins || p1p2(begun) != p1p2(command)) return only(sw::conditions_not_satisfied);
    whole.data.insert(whole.data.begin(), begun.data.begin(), begun.data.end());
    if (whole.data.size() > max_chain_octets) return only(sw::wrong_length);
  }
  if (command.cla == cla_plain) return perform(whole, counters);
  if (command.ins != ins_security_operation) return only(sw::class_not_supported);
  m_chain = std::move(whole);
  return only(sw::ok);
}

apdu::ResponseApdu Pkcs15Applet::perform(const apdu::CommandApdu& command, Counters& counters) {
  switch (command.ins) {
  case ins_select: return select(command);
  case ins_read_binary: return read_binary(command);
  case ins_verify: return verify(command, counters);
  case ins_manage_environment: return set_environment(command);
  case ins_security_operation: return security_operation(command, counters);
  case ins_get_challenge: return get_challenge(command);
  default: return only(sw::instruction_not_supported);
  }
}

bool Pkcs15Applet::is_directory(const std::string& path) const {
  const auto below = path + "/";
  const auto first = m_data.files.lower_bound(below);
  return first != m_data.files.end() && first->first.starts_with(below);
}

bool Pkcs15Applet::walk(std::string from, ByteView identifiers) {
  if (identifiers.size() % 2 != 0) return false;
  for (; !identifiers.empty(); identifiers = identifiers.subspan(2)) {
    const auto identifier = to_hex(identifiers.first(2));
    const bool from_top = identifier == master_file;
    auto path = from_top ? std::string() : from + "/";
    path += identifier;
    if (m_data.files.contains(path)) {
      if (identifiers.size() > 2) return false;
      m_directory = from;
      m_file = path;
      return true;
    }
    if (!is_directory(path)) return false;
    from = path;
  }
  m_directory = from;
  m_file.clear();
  return true;
}

Bytes Pkcs15Applet::control_information(std::uint8_t outer_tag) const {
  const bool file = !m_file.empty();
  const auto identifier = *from_hex(identifier_of(file ? m_file : m_directory));
  Bytes content = der::element(0x83, {identifier});
  const auto add = [&content](const Bytes& object) { content.insert(content.end(), object.begin(), object.end()); };
  if (file) {
    const auto size = m_data.files.at(m_file).size();
    add(der::element(0x80, {Bytes{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 0xFF)}}));
    add(der::element(0x82, {Bytes{0x01}}));
  } else {
    add(der::element(0x82, {Bytes{0x38}}));
    if (m_data.named && m_directory == pkcs15_directory) add(der::element(0x84, {pkcs15_application_identifier()}));
  }
  add(der::element(0x8A, {Bytes{0x05}}));
  return der::element(outer_tag, {content});
}

apdu::ResponseApdu Pkcs15Applet::select_application(const apdu::CommandApdu& command) {
  static const auto iso_applet = *from_hex("F276A288BCFBA69D34F31001");
  const ByteView name(command.data);
  if (std::ranges::equal(name, iso_applet)) {
    m_directory = master_file;
    m_file.clear();
    return {Bytes{0x00, 0x06, 0x03}, sw::ok}; // version 0.6; extended length, random numbers
  }
  if (!m_data.named || !std::ranges::equal(name, pkcs15_application_identifier())) return only(sw::file_not_found);
  m_directory = pkcs15_directory;
  m_file.clear();
  return only(sw::ok);
}

apdu::ResponseApdu Pkcs15Applet::select(const apdu::CommandApdu& command) {
  bool found = false;
  switch (command.p1) {
  case 0x00: // by identifier: the master file, or what is in the selected directory
  case 0x02:
    if (command.data.size() != 2) return only(sw::wrong_length);
    found = walk(m_directory, command.data);
    break;
  case 0x04: {
    auto answer = select_application(command);
    if (!answer.status.ok() || !answer.data.empty()) return answer;
    found = true;
    break;
  }
  case 0x08: found = walk(master_file, command.data); break;
  case 0x09: found = walk(m_directory, command.data); break;
  default: return only(sw::incorrect_p1_p2);
  }
  if (!found) return only(sw::file_not_found);
  if (!command.le) return only(sw::ok);
  switch (command.p2) {
  case 0x00: return {control_information(0x6F), sw::ok};
  case 0x04: return {control_information(0x62), sw::ok};
  case 0x0C: return only(sw::ok);
  default: return only(sw::incorrect_p1_p2);
  }
}

apdu::ResponseApdu Pkcs15Applet::read_binary(const apdu::CommandApdu& command) const {
  constexpr std::uint32_t everything = 256;
  if (m_file.empty()) return only(sw::no_current_file);
  if ((command.p1 & 0x80) != 0) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || !command.le) return only(sw::wrong_length);
  const auto& content = m_data.files.at(m_file);
  const std::size_t offset = p1p2(command);
  if (offset >= content.size()) return only(sw::wrong_parameters);
  const auto size = std::min<std::size_t>(*command.le, content.size() - offset);
  const auto begin = content.begin() + static_cast<std::ptrdiff_t>(offset);
  const bool all = size == *command.le || *command.le == everything;
  return {Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)), all ? sw::ok : sw::end_of_file};
}

apdu::ResponseApdu Pkcs15Applet::verify(const apdu::CommandApdu& command, Counters& counters) {
  const auto refused = [this] {
    return only(m_data.tries_left == 0 ? sw::authentication_method_blocked
                                       : apdu::StatusWord(static_cast<std::uint16_t>(0x63C0 | m_data.tries_left)));
  };
  if (p1p2(command) != pkcs15_pin_reference) return only(sw::referenced_data_not_found);
  // ISO/IEC 7816-4 section 7.5.6: without data it asks for the state and costs nothing.
  if (command.data.empty()) return m_logged_in ? only(sw::ok) : refused();
  if (m_data.tries_left == 0) return refused();
  if (command.data.size() != pkcs15_pin_field_octets) return only(sw::wrong_length);

  ++counters.verifies;
  Bytes field(m_data.pin.begin(), m_data.pin.end());
  field.resize(pkcs15_pin_field_octets);
  m_logged_in = std::ranges::equal(command.data, field);
  if (!m_logged_in) {
    ++counters.failed_verifies;
    --m_data.tries_left;
    // The last wrong PIN is answered 63C0, those that follow 6983.
    return only(apdu::StatusWord(static_cast<std::uint16_t>(0x63C0 | m_data.tries_left)));
  }
  m_data.tries_left = all_tries;
  return only(sw::ok);
}

const RsaKey* Pkcs15Applet::key(std::uint8_t reference) const {
  const auto found = std::ranges::find(m_data.keys, reference, &Pkcs15Key::reference);
  return found == m_data.keys.end() ? nullptr : &found->pair;
}

apdu::ResponseApdu Pkcs15Applet::set_environment(const apdu::CommandApdu& command) {
  if (p1p2(command) != set_for_signature && p1p2(command) != set_for_decipherment) return only(sw::incorrect_p1_p2);
  Environment environment;
  ByteView rest(command.data);
  while (!rest.empty()) {
    if (rest.size() < 2 || rest.size() < 2U + rest[1]) return only(sw::wrong_data);
    const auto value = rest.subspan(2, rest[1]);
    if (rest[0] != tag_file && value.size() != 1) return only(sw::wrong_data);
    switch (rest[0]) {
    case tag_algorithm: environment.algorithm = value[0]; break;
    case tag_private_key: environment.key = value[0]; break;
    case tag_file: break;
    default: return only(sw::wrong_data);
    }
    rest = rest.subspan(2 + value.size());
  }
  if (key(environment.key) == nullptr) return only(sw::referenced_data_not_found);
  const bool raw = m_data.raw && environment.algorithm == pkcs15_raw_algorithm;
  if (!raw && environment.algorithm != pkcs15_padding_algorithm) return only(sw::wrong_data);
  (p1p2(command) == set_for_signature ? m_signature : m_decipherment) = environment;
  return only(sw::ok);
}

apdu::ResponseApdu Pkcs15Applet::security_operation(const apdu::CommandApdu& command, Counters& counters) const {
  const bool sign = p1p2(command) == compute_digital_signature;
  if (!sign && p1p2(command) != decipher_cryptogram) return only(sw::incorrect_p1_p2);
  const auto& environment = sign ? m_signature : m_decipherment;
  if (!environment) return only(sw::conditions_not_satisfied);
  if (!m_logged_in) return only(sw::security_status_not_satisfied);
  if (!command.le) return only(sw::wrong_length);
  ++counters.private_operations;
  return sign ? compute_signature(*environment, command.data) : decipher(*environment, command.data);
}

apdu::ResponseApdu Pkcs15Applet::compute_signature(const Environment& environment, ByteView data) const {
  const auto& pair = *key(environment.key);
  const auto block =
      environment.algorithm == pkcs15_raw_algorithm ? to_bytes(data) : padded(data, pair.modulus().size());
  auto signature = pair.raw_private(block);
  if (!signature) return only(sw::wrong_data);
  return {std::move(*signature), sw::ok};
}

apdu::ResponseApdu Pkcs15Applet::decipher(const Environment& environment, ByteView data) const {
  if (data.empty() || data[0] != padding_by_pkcs_1) return only(sw::wrong_data);
  const auto block = key(environment.key)->raw_private(data.subspan(1));
  if (!block) return only(sw::wrong_data);
  if (environment.algorithm == pkcs15_raw_algorithm) return {*block, sw::ok};
  auto message = unpadded(*block);
  if (!message) return only(sw::wrong_data);
  return {std::move(*message), sw::ok};
}

} // namespace twcard::simulator
