// Messages between host and EZ100PU: those of USB CCID 1.1, with the length in big-endian order (docs/readers.md).
// Ten octets of header, then data.
#pragma once

#include "driver/base/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace twcard::ifd {

enum class Order : std::uint8_t {
  PowerOn = 0x62,
  PowerOff = 0x63,
  SlotStatus = 0x65,
  SetParameters = 0x61,
  Transfer = 0x6F,
};

enum class AnswerType : std::uint8_t { DataBlock = 0x80, SlotStatus = 0x81, Parameters = 0x82 };

enum class Presence { Active, Inactive, Absent };

struct Answer {
  AnswerType type = AnswerType::SlotStatus;
  std::uint8_t slot = 0;
  std::uint8_t sequence = 0;
  Presence presence = Presence::Absent;
  bool failed = false;    // the command failed; `error` says why
  bool more_time = false; // not yet an answer: the card asked for time, `error` is the multiplier
  std::uint8_t error = 0;
  std::uint8_t parameter = 0; // last octet of the header: chaining, clock or protocol
  Bytes data;
};

inline constexpr std::size_t message_header = 10;
inline constexpr std::size_t longest_message = 271; // what the reader takes, header included
inline constexpr std::size_t longest_data = longest_message - message_header;

// Error octets of an answer that has failed (CCID 1.1, 6.2.6).
namespace slot_error {
inline constexpr std::uint8_t mute = 0xFE;
inline constexpr std::uint8_t parity = 0xFD;
inline constexpr std::uint8_t overrun = 0xFC;
} // namespace slot_error

// `parameters`: the three octets of the header that depend on the order.
[[nodiscard]] Bytes encode_order(Order order, std::uint8_t sequence, std::array<std::uint8_t, 3> parameters,
                                 ByteView data);

// Nothing for octets that are no answer: too short, a length that does not fit, an unknown type or state.
[[nodiscard]] std::optional<Answer> decode_answer(ByteView octets);

// What the interrupt pipe brings: the card came, went, or nothing that concerns our one slot.
[[nodiscard]] bool announces_change(ByteView notification);

} // namespace twcard::ifd
