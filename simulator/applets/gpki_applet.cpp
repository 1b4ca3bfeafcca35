#include "simulator/applets/gpki_applet.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/cards/transport_keys.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t cla_iso = 0x00;
constexpr std::uint8_t cla_own = 0x80;
constexpr std::uint8_t secure_messaging = 0x04;
constexpr std::uint8_t ins_verify = 0x20;
constexpr std::uint8_t ins_initialize_update = 0x50;
constexpr std::uint8_t ins_external_authenticate = 0x82;
constexpr std::uint8_t ins_get_challenge = 0x84;
constexpr std::uint8_t ins_select = 0xA4;
constexpr std::uint8_t ins_read_binary = 0xB0;
constexpr std::uint8_t ins_read_record = 0xB2;
constexpr std::uint8_t ins_rest_of_result = 0xC1;
constexpr std::uint8_t ins_get_data = 0xCA;
constexpr std::uint8_t ins_private_operation = 0xEA;

constexpr std::size_t challenge_octets = 8;
constexpr std::size_t half_modulus_octets = 128;

const Bytes issuer_domain{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00};
const Bytes card_manager{0xA0, 0x00, 0x00, 0x02, 0x83, 0xFF, 0x08, 0x86, 0x92, 0x53, 0x53, 0x89, 0xC0, 0x00, 0x14};
const Bytes gpki{0xA0, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00, 0x06, 0x22, 0x01, 0x69, 0x64, 0x00, 0x01, 0x01, 0x01};

// Key information: ENC, MAC and DEK of version 01, AES (88) of 16 octets.
const Bytes key_information{0xE0, 0x12, 0xC0, 0x04, 0x01, 0x01, 0x88, 0x10, 0xC0, 0x04,
                            0x02, 0x01, 0x88, 0x10, 0xC0, 0x04, 0x03, 0x01, 0x88, 0x10};

bool is_select_by_name(const apdu::CommandApdu& command) {
  return command.cla == cla_iso && command.ins == ins_select && command.p1 == 0x04;
}

bool is_initialize_update(const apdu::CommandApdu& command) {
  return command.cla == cla_own && command.ins == ins_initialize_update;
}

// The class that an instruction has on this card without secure messaging; nothing for what it does not know.
std::optional<std::uint8_t> class_of(std::uint8_t instruction) {
  switch (instruction) {
  case ins_select:
  case ins_read_binary:
  case ins_get_challenge:
  case ins_verify: return cla_iso;
  case ins_read_record:
  case ins_private_operation:
  case ins_rest_of_result:
  case ins_initialize_update:
  case ins_external_authenticate: return cla_own;
  default: return std::nullopt;
  }
}

apdu::ResponseApdu get_challenge(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != challenge_octets) return only(sw::wrong_length);
  return {random_octets(challenge_octets), sw::ok};
}

} // namespace

void GpkiApplet::end_session() {
  m_channel.close();
  m_card.log_out();
}

void GpkiApplet::reset() {
  m_selected = Selected::IssuerDomain;
  m_channel.close();
  m_card.reset();
}

apdu::ResponseApdu GpkiApplet::process(const apdu::CommandApdu& command, Counters& counters) {
  m_card.next_command();
  if (is_select_by_name(command)) return select_application(command);
  if (m_selected != Selected::Applet) return domain_command(command);

  const auto plain_class = static_cast<std::uint8_t>(command.cla & ~secure_messaging);
  const auto right_class = class_of(command.ins);
  if (!right_class) return only(sw::instruction_not_supported);
  if (plain_class != *right_class) return only(sw::class_not_supported);
  if (is_initialize_update(command)) {
    end_session();
    return m_channel.initialize_update(command);
  }
  if (command.cla != plain_class) return protected_command(command, counters);
  if (m_channel.is_open()) {
    end_session();
    return only(sw::security_status_not_satisfied);
  }
  return file_command(command);
}

apdu::ResponseApdu GpkiApplet::select_application(const apdu::CommandApdu& command) {
  const auto is = [&](const Bytes& aid) {
    return std::equal(aid.begin(), aid.end(), command.data.begin(), command.data.end());
  };
  if (command.p2 != 0x00 && command.p2 != 0x0C) return only(sw::incorrect_p1_p2);
  if (is(issuer_domain)) {
    m_selected = Selected::IssuerDomain;
  } else if (is(card_manager)) {
    m_selected = Selected::CardManager;
  } else if (is(gpki)) {
    m_selected = Selected::Applet;
  } else {
    return only(sw::file_not_found);
  }
  m_channel.close();
  m_card.reset();
  if (command.p2 == 0x0C) return only(sw::ok);
  // File control information: the application's name.
  const auto size = static_cast<std::uint8_t>(command.data.size());
  Bytes information{0x6F, static_cast<std::uint8_t>(size + 2), 0x84, size};
  information.insert(information.end(), command.data.begin(), command.data.end());
  return {information, sw::ok};
}

apdu::ResponseApdu GpkiApplet::domain_command(const apdu::CommandApdu& command) const {
  if (command.ins != ins_get_data) return only(sw::instruction_not_supported);
  if (command.cla != cla_own) return only(sw::class_not_supported);
  if (m_selected == Selected::CardManager && p1p2(command) == 0x00E0) return {key_information, sw::ok};
  if (m_selected == Selected::IssuerDomain && p1p2(command) == 0x0045) {
    Bytes object{0x45, static_cast<std::uint8_t>(m_card_id.size())};
    object.insert(object.end(), m_card_id.begin(), m_card_id.end());
    return {object, sw::ok};
  }
  return only(sw::referenced_data_not_found);
}

apdu::ResponseApdu GpkiApplet::protected_command(const apdu::CommandApdu& command, Counters& counters) {
  if (command.ins == ins_external_authenticate) return m_channel.external_authenticate(command);
  const auto opened = m_channel.open(command);
  if (const auto* status = std::get_if<apdu::StatusWord>(&opened)) {
    end_session();
    return only(*status);
  }
  const auto& plain = std::get<apdu::CommandApdu>(opened);
  const bool secret = plain.ins == ins_verify || plain.ins == ins_private_operation || plain.ins == ins_rest_of_result;
  if (secret && !m_channel.encrypts()) {
    end_session();
    return only(sw::security_status_not_satisfied);
  }
  switch (plain.ins) {
  case ins_verify: return verify(plain, counters);
  case ins_private_operation:
  case ins_rest_of_result: return use_key(plain, counters);
  default: return file_command(plain);
  }
}

// Commands that need no secure channel and also work inside one.
apdu::ResponseApdu GpkiApplet::file_command(const apdu::CommandApdu& command) {
  switch (command.ins) {
  case ins_select: return select_file(command);
  case ins_read_binary: return m_card.read_binary(command);
  case ins_read_record: return read_record(command);
  case ins_get_challenge: return get_challenge(command);
  default: return only(sw::security_status_not_satisfied);
  }
}

apdu::ResponseApdu GpkiApplet::select_file(const apdu::CommandApdu& command) {
  if (p1p2(command) != 0x0004) return only(sw::incorrect_p1_p2);
  const auto wanted = m_channel.is_open() ? m_select_in_session : SelectLe::Always;
  const bool right_form = wanted == SelectLe::Either || command.le.has_value() == (wanted == SelectLe::Always);
  if (command.data.size() != 2 || !right_form) return only(sw::wrong_length);
  if (!m_card.select(command.data)) return only(sw::file_not_found);
  if (!command.le) return only(sw::ok);
  // File control parameters: size and identifier.
  const auto size = m_card.selected_size();
  return {{0x62, 0x08, 0x80, 0x02, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 0xFF), 0x83,
           0x02, command.data[0], command.data[1]},
          sw::ok};
}

apdu::ResponseApdu GpkiApplet::read_record(const apdu::CommandApdu& command) const {
  if (!command.data.empty() || !command.le || *command.le < half_modulus_octets) return only(sw::wrong_length);
  if (command.p2 != 0x03 && command.p2 != 0x04) return only(sw::incorrect_p1_p2);
  if (const auto status = m_card.may_read_records(); !status.ok()) return only(status);
  for (const auto& key : m_card.keys()) {
    if (key.reference != command.p1) continue;
    const auto modulus = key.pair.modulus();
    const ByteView octets(modulus);
    return {to_bytes(command.p2 == 0x03 ? octets.first(half_modulus_octets) : octets.last(half_modulus_octets)),
            sw::ok};
  }
  return only(sw::record_not_found);
}

apdu::ResponseApdu GpkiApplet::verify(const apdu::CommandApdu& command, Counters& counters) {
  if (command.data.empty()) return m_card.check_pin({}, counters);
  if (p1p2(command) != 0x0001) return only(sw::incorrect_p1_p2);
  if (command.data.size() != pin_field_octets) return only(sw::wrong_length);
  return m_card.check_pin(command.data, counters);
}

apdu::ResponseApdu GpkiApplet::use_key(const apdu::CommandApdu& command, Counters& counters) {
  if (command.ins == ins_private_operation) return m_card.private_operation(command, counters);
  auto response = m_card.rest_of_result(command);
  if (response.status.ok()) m_card.log_out();
  return response;
}

} // namespace twcard::simulator
