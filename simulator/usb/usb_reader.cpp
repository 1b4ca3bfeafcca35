#include "simulator/usb/usb_reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace twcard::simulator {

namespace {

constexpr std::size_t header = 10;
constexpr std::uint8_t data_block = 0x80;
constexpr std::uint8_t slot_status = 0x81;
constexpr std::uint8_t parameters = 0x82;
constexpr std::uint8_t mute = 0xFE;
constexpr std::uint8_t bad_slot = 0x05;
constexpr std::uint8_t not_supported = 0x00;

struct Interface {
  std::vector<int> protocols; // numbers, first offered first
  std::uint8_t field_size = 32;
};

// As much of the answer to reset as the card's own side needs.
Interface interface_of(const Bytes& atr) {
  Interface result;
  std::size_t at = 2;
  std::uint8_t presence = atr.at(1);
  int described = 0;
  for (int group = 1;; ++group) {
    // From the third group on TA belongs to the protocol that was named last; for T=1 it is the field size.
    if ((presence & 0x10) != 0 && group > 2 && described == 1) result.field_size = atr.at(at);
    at += static_cast<std::size_t>(((presence >> 4) & 1) + ((presence >> 5) & 1) + ((presence >> 6) & 1));
    if ((presence & 0x80) == 0) break;
    presence = atr.at(at++);
    described = presence & 0x0F;
    const bool known = std::find(result.protocols.begin(), result.protocols.end(), described) != result.protocols.end();
    if (described < 2 && !known) result.protocols.push_back(described);
  }
  if (result.protocols.empty()) result.protocols.push_back(0);
  return result;
}

} // namespace

struct UsbReader::Outcome {
  std::uint8_t type = slot_status;
  Bytes data = {};
  std::optional<std::uint8_t> error = std::nullopt;
  std::uint8_t last = 0;
};

void UsbReader::insert(std::shared_ptr<SimulatedCard> card) {
  m_card = std::move(card);
  cut_power();
  m_changed = true;
}

void UsbReader::remove() {
  m_card.reset();
  cut_power();
  m_changed = true;
}

void UsbReader::cut_power() {
  m_powered = false;
  m_protocol.emplace<std::monostate>();
}

std::optional<Bytes> UsbReader::take_notification() {
  if (!std::exchange(m_changed, false)) return std::nullopt;
  return Bytes{0x50, static_cast<std::uint8_t>(m_card ? 0x03 : 0x02)};
}

std::optional<Bytes> UsbReader::answer(ByteView message) {
  if (message.size() < header) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t index = 0; index < 4; ++index)
    length = (length << 8) | message[m_kind.big_endian_length ? 1 + index : 4 - index];
  if (length != message.size() - header) return std::nullopt;

  Outcome outcome{.error = bad_slot};
  if (message[5] == 0) outcome = carry_out(message[0], message[7], message.subspan(header));
  const unsigned state = !m_card ? 2U : m_powered ? 0U : 1U;
  Bytes answer{outcome.type, 0, 0, 0, 0, message[5], message[6]};
  for (std::size_t index = 0; index < 4; ++index)
    answer[m_kind.big_endian_length ? 1 + index : 4 - index] =
        static_cast<std::uint8_t>((outcome.data.size() >> (8 * (3 - index))) & 0xFF);
  answer.push_back(static_cast<std::uint8_t>(state | (outcome.error ? 0x40U : 0x00U)));
  answer.push_back(outcome.error.value_or(0));
  answer.push_back(outcome.last);
  answer.insert(answer.end(), outcome.data.begin(), outcome.data.end());
  return answer;
}

UsbReader::Outcome UsbReader::carry_out(std::uint8_t order, std::uint8_t protocol, ByteView data) {
  switch (order) {
  case 0x60:
    if (m_kind.identification.empty()) return {.error = not_supported};
    return {.type = data_block, .data = to_bytes(as_bytes(m_kind.identification))};
  case 0x61: return set_parameters(protocol, data);
  case 0x62: return power_on();
  case 0x63: cut_power(); return {};
  case 0x65: return {};
  case 0x6C:
    return {
        .type = parameters, .data = m_parameters, .last = m_parameters.size() == 7 ? std::uint8_t{1} : std::uint8_t{0}};
  case 0x6F: return transfer(data);
  default: return {.error = not_supported};
  }
}

UsbReader::Outcome UsbReader::power_on() {
  if (!m_card) return {.type = data_block, .error = mute};
  m_card->reset();
  m_powered = true;
  m_negotiable = true;
  Bytes atr = m_card->atr();
  start_protocol(interface_of(atr).protocols.front());
  m_parameters = {0x11, 0x00, 0x00, 0x0A, 0x00};
  if (m_kind.atr_prefix) atr.insert(atr.begin(), 0x00);
  return {.type = data_block, .data = std::move(atr)};
}

void UsbReader::start_protocol(int number) {
  auto application = [card = m_card](ByteView command) { return card->transmit(command); };
  if (number == 0) {
    m_protocol.emplace<CardT0>(application);
    return;
  }
  T1Habits habits = m_habits.value_or(T1Habits{});
  if (!m_habits) habits.field_size = interface_of(m_card->atr()).field_size;
  m_protocol.emplace<CardT1>(application, habits);
}

UsbReader::Outcome UsbReader::set_parameters(std::uint8_t protocol, ByteView structure) {
  if (protocol > 1 || structure.size() != (protocol == 0 ? 5U : 7U))
    return {.type = parameters, .error = std::uint8_t{7}};
  m_parameters = to_bytes(structure);
  return {.type = parameters, .data = m_parameters, .last = protocol};
}

UsbReader::Outcome UsbReader::transfer(ByteView octets) {
  if (!m_card || !m_powered) return {.type = data_block, .error = mute};
  const bool request = m_negotiable && octets.size() >= 3 && octets[0] == 0xFF;
  m_negotiable = false;
  std::optional<Bytes> answer;
  if (request) {
    const auto offered = interface_of(m_card->atr()).protocols;
    const int wanted = octets[1] & 0x0F;
    if (std::find(offered.begin(), offered.end(), wanted) != offered.end()) {
      start_protocol(wanted);
      answer = to_bytes(octets);
    }
  } else if (auto* t1 = std::get_if<CardT1>(&m_protocol)) {
    answer = t1->answer(octets);
  } else if (auto* t0 = std::get_if<CardT0>(&m_protocol)) {
    answer = t0->answer(octets);
  }
  if (answer && m_fault) answer = m_fault(std::move(*answer));
  if (!answer || answer->empty()) return {.type = data_block, .error = mute};
  return {.type = data_block, .data = std::move(*answer)};
}

} // namespace twcard::simulator
