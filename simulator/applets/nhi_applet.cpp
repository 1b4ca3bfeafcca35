#include "simulator/applets/nhi_applet.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/crypto/crypto.hpp"
#include "simulator/crypto/site_ciphers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t ins_mutual_authenticate = 0x82;
constexpr std::uint8_t ins_get_challenge = 0x84;
constexpr std::uint8_t ins_select = 0xA4;
constexpr std::uint8_t ins_get_response = 0xC0;
constexpr std::uint8_t ins_get_data = 0xCA;

constexpr std::size_t challenge_octets = 8;
constexpr std::size_t sam_data_octets = 32;

// D158 0000 01, nine zero octets, then 11 (insurance) or 31 (SAM) and, in the 16-octet form, 00.
constexpr std::array<std::uint8_t, 14> aid_begin{0xD1, 0x58, 0x00, 0x00, 0x01};

std::optional<std::uint8_t> application_of(ByteView aid) {
  const bool long_form = aid.size() == 16 && aid.back() == 0x00;
  const bool short_form = aid.size() == 15;
  if (!long_form && !short_form) return std::nullopt;
  if (!std::equal(aid_begin.begin(), aid_begin.end(), aid.begin())) return std::nullopt;
  return aid[14];
}

} // namespace

void NhiApplet::reset() {
  m_selected = m_data.selected_by_default ? Selected::Insurance : Selected::Nothing;
  m_challenge.clear();
  m_waiting.clear();
}

apdu::ResponseApdu NhiApplet::process(const apdu::CommandApdu& command, Counters&) {
  if (command.cla != 0x00) return only(sw::class_not_supported);
  if (command.ins == ins_get_response) return get_response(command);
  m_waiting.clear();
  switch (command.ins) {
  case ins_select: return select(command);
  case ins_get_data: return get_data(command);
  case ins_get_challenge: return get_challenge(command);
  case ins_mutual_authenticate: return mutual_authenticate(command);
  default: return only(sw::instruction_not_supported);
  }
}

apdu::ResponseApdu NhiApplet::select(const apdu::CommandApdu& command) {
  if (command.p1 != 0x04 || command.p2 != 0x00) return only(sw::incorrect_p1_p2);
  if (command.data.empty() || command.data.size() > 16) return only(sw::wrong_length);
  const auto application = application_of(command.data);
  if (application != 0x11 && application != 0x31)
    return only(m_data.unknown_aid_6d00 ? sw::instruction_not_supported : sw::file_not_found);
  m_selected = application == 0x11 ? Selected::Insurance : Selected::Sam;
  m_challenge.clear();
  return only(sw::ok);
}

apdu::ResponseApdu NhiApplet::get_data(const apdu::CommandApdu& command) {
  if (m_selected == Selected::Nothing) return only(sw::conditions_not_satisfied);
  if (command.data.size() != 2) return only(sw::wrong_length);
  if (command.data[0] != 0x00 || command.data[1] != 0x00) return only(sw::wrong_data);
  if (m_selected == Selected::Sam) return only(sw::referenced_data_not_found);
  switch (p1p2(command)) {
  case 0x1100: return answer(command, m_data.basic_record);
  case 0x0000: return answer(command, m_data.card_number);
  case 0x2400: return answer(command, m_data.card_data);
  default: return only(sw::referenced_data_not_found);
  }
}

apdu::ResponseApdu NhiApplet::get_challenge(const apdu::CommandApdu& command) {
  if (m_selected == Selected::Nothing) return only(sw::conditions_not_satisfied);
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != challenge_octets) return only(sw::wrong_length);
  m_challenge = random_octets(challenge_octets);
  return {m_challenge, sw::ok};
}

apdu::ResponseApdu NhiApplet::mutual_authenticate(const apdu::CommandApdu& command) {
  if (m_selected == Selected::Nothing) return only(sw::conditions_not_satisfied);
  if (p1p2(command) != 0x1112) return only(sw::incorrect_p1_p2);
  if (command.data.size() != sam_data_octets) return only(sw::wrong_length);
  const auto challenge = std::exchange(m_challenge, {});
  if (challenge.empty()) return only(sw::conditions_not_satisfied);
  if (!is_module_data(command.data, m_data.card_number, challenge)) return only(sw::security_status_not_satisfied);
  return answer(command, card_answer(command.data, m_data.card_number));
}

apdu::ResponseApdu NhiApplet::get_response(const apdu::CommandApdu& command) {
  const auto data = std::exchange(m_waiting, {});
  if (data.empty()) return only(sw::conditions_not_satisfied);
  if (p1p2(command) != 0x0000) return only(sw::incorrect_p1_p2);
  if (command.le != data.size()) return only(sw::wrong_length);
  return {data, sw::ok};
}

apdu::ResponseApdu NhiApplet::answer(const apdu::CommandApdu& command, ByteView data) {
  const auto size = static_cast<std::uint16_t>(data.size());
  if (m_data.get_response) {
    m_waiting = to_bytes(data);
    return only(apdu::StatusWord(static_cast<std::uint16_t>(0x6100 | size)));
  }
  if (command.le && *command.le < size) return only(apdu::StatusWord(static_cast<std::uint16_t>(0x6C00 | size)));
  return {to_bytes(data), sw::ok};
}

} // namespace twcard::simulator
