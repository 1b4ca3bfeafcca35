#include "driver/ifd/message.hpp"

namespace twcard::ifd {

namespace {

constexpr std::uint8_t notify_slot_change = 0x50;

std::uint32_t big_endian(ByteView octets) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets) value = (value << 8) | octet;
  return value;
}

bool known(std::uint8_t type) {
  switch (static_cast<AnswerType>(type)) {
  case AnswerType::DataBlock:
  case AnswerType::SlotStatus:
  case AnswerType::Parameters: return true;
  }
  return false;
}

} // namespace

Bytes encode_order(Order order, std::uint8_t sequence, std::array<std::uint8_t, 3> parameters, ByteView data) {
  const auto length = static_cast<std::uint32_t>(data.size());
  Bytes octets;
  octets.reserve(message_header + data.size());
  octets.push_back(static_cast<std::uint8_t>(order));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) octets.push_back(static_cast<std::uint8_t>((length >> shift) & 0xFF));
  octets.push_back(0); // slot
  octets.push_back(sequence);
  octets.insert(octets.end(), parameters.begin(), parameters.end());
  octets.insert(octets.end(), data.begin(), data.end());
  return octets;
}

std::optional<Answer> decode_answer(ByteView octets) {
  if (octets.size() < message_header || !known(octets[0])) return std::nullopt;
  if (big_endian(octets.subspan(1, 4)) != octets.size() - message_header) return std::nullopt;
  const std::uint8_t status = octets[7];
  const unsigned presence = status & 0x03;
  const unsigned outcome = status >> 6;
  if (presence == 3 || outcome == 3) return std::nullopt;
  return Answer{.type = static_cast<AnswerType>(octets[0]),
                .slot = octets[5],
                .sequence = octets[6],
                .presence = static_cast<Presence>(presence),
                .failed = outcome == 1,
                .more_time = outcome == 2,
                .error = octets[8],
                .parameter = octets[9],
                .data = to_bytes(octets.subspan(message_header))};
}

bool announces_change(ByteView notification) {
  return notification.size() >= 2 && notification[0] == notify_slot_change && (notification[1] & 0x02) != 0;
}

} // namespace twcard::ifd
