#include "simulator/usb/card_t1.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t request_field_size = 0xC1;
constexpr std::uint8_t request_time = 0xC3;
constexpr std::uint8_t response_bit = 0x20;

} // namespace

std::optional<Bytes> CardT1::answer(ByteView octets) {
  std::uint8_t sum = 0;
  for (const std::uint8_t octet : octets) sum = static_cast<std::uint8_t>(sum ^ octet);
  if (octets.empty()) return std::nullopt;
  if (octets.size() < 4 || octets.size() != 4U + octets[2] || octets[0] != 0) return receipt(2);
  if (sum != 0) return receipt(1);
  const std::uint8_t control = octets[1];
  const ByteView field = octets.subspan(3, octets[2]);
  if ((control & 0x80) == 0) return on_information(control, field);
  if ((control & 0x40) == 0) return on_receipt(control);
  return on_supervisory(control, field);
}

CardT1::Fields CardT1::on_information(std::uint8_t control, ByteView field) {
  const std::uint8_t sequence = (control >> 6) & 1;
  const bool chain_unfinished = m_unacknowledged && m_position + m_under_way < m_response.size();
  if (sequence != m_expected || field.size() > m_habits.field_size || chain_unfinished || m_request) return receipt(2);
  if (m_unacknowledged) { // the next command acknowledges the last block of the response before
    m_unacknowledged = false;
    m_own ^= 1;
  }
  m_expected ^= 1;
  m_command.insert(m_command.end(), field.begin(), field.end());
  if ((control & 0x20) != 0) return receipt(0);
  m_extensions_left = m_habits.extensions;
  m_field_request_left = m_habits.new_field_size != 0;
  m_response.clear();
  m_position = 0;
  return next_step();
}

// After a whole command: first what the card has to ask for, then its response.
Bytes CardT1::next_step() {
  if (m_extensions_left > 0) {
    --m_extensions_left;
    m_request = request_time;
    m_request_field = 2;
  } else if (m_field_request_left) {
    m_field_request_left = false;
    m_request = request_field_size;
    m_request_field = m_habits.new_field_size;
  } else {
    m_request.reset();
    m_response = m_application(m_command);
    m_command.clear();
    return next_information();
  }
  return block(*m_request, ByteView(&m_request_field, 1));
}

Bytes CardT1::next_information() {
  m_under_way = std::min<std::size_t>(m_reader_field, m_response.size() - m_position);
  m_unacknowledged = true;
  const bool more = m_position + m_under_way < m_response.size();
  return block(static_cast<std::uint8_t>((m_own << 6) | (more ? 0x20 : 0x00)),
               ByteView(m_response).subspan(m_position, m_under_way));
}

CardT1::Fields CardT1::on_receipt(std::uint8_t control) {
  const std::uint8_t wanted = (control >> 4) & 1;
  if (m_request) return block(*m_request, ByteView(&m_request_field, 1));
  if (!m_unacknowledged) return receipt(0);
  if (wanted == m_own) return next_information();
  if (m_position + m_under_way >= m_response.size()) return receipt(0); // the reader's next command got lost
  m_position += m_under_way;
  m_own ^= 1;
  return next_information();
}

CardT1::Fields CardT1::on_supervisory(std::uint8_t control, ByteView field) {
  if (m_request && control == (*m_request | response_bit)) {
    if (field.size() != 1 || field[0] != m_request_field) return receipt(2);
    if (*m_request == request_field_size) m_habits.field_size = m_request_field;
    return next_step();
  }
  switch (control) {
  case 0xC0:
    if (!field.empty()) return receipt(2);
    forget();
    return block(0xE0, {});
  case request_field_size:
    if (field.size() != 1 || field[0] == 0 || field[0] == 0xFF) return receipt(2);
    m_reader_field = field[0];
    return block(0xE1, field);
  case 0xC2: m_command.clear(); return block(0xE2, {});
  default: return receipt(2);
  }
}

void CardT1::forget() {
  m_own = 0;
  m_expected = 0;
  m_command.clear();
  m_response.clear();
  m_position = 0;
  m_unacknowledged = false;
  m_request.reset();
}

Bytes CardT1::receipt(std::uint8_t fault) const {
  return block(static_cast<std::uint8_t>(0x80 | (m_expected << 4) | fault), {});
}

Bytes CardT1::block(std::uint8_t control, ByteView field) {
  Bytes octets{0x00, control, static_cast<std::uint8_t>(field.size())};
  octets.insert(octets.end(), field.begin(), field.end());
  std::uint8_t sum = 0;
  for (const std::uint8_t octet : octets) sum = static_cast<std::uint8_t>(sum ^ octet);
  octets.push_back(sum);
  return octets;
}

} // namespace twcard::simulator
