// The block transmission protocol T=1 as the interface device speaks it, ISO/IEC 7816-3:2006 clause 11: chaining, field
// sizes, waiting-time extension, retransmission, resynchronisation.
//
// What a card sends is bounded: blocks per command, granted waiting time, length of the answer, faults before
// resynchronisation. A command that may have reached the card as a whole is never sent a second time on our own
// account: a PIN must not cost two tries. The card alone can ask for a block again.
#pragma once

#include "driver/ifd/card_line.hpp"
#include "driver/ifd/t1_block.hpp"

#include <chrono>
#include <cstdint>

namespace twcard::ifd {

struct T1Settings {
  std::uint8_t ifsc = 32;                             // longest information field for the card (TA of T=1)
  std::chrono::milliseconds block_waiting_time{1600}; // for the bound on extensions
};

class T1 final {
public:
  // After a reset of the card. The line must outlive the object.
  T1(CardLine& line, const T1Settings& settings) : m_line(line), m_settings(settings), m_ifsc(settings.ifsc) {}

  // Tells the card how long our information fields may be (1 to 254): S(IFS). Throws like transceive().
  void announce_field_size(std::uint8_t ifsd);

  // One command APDU of at most 65,544 octets, one response APDU of at most 65,538. Blocks.
  // Throws Error(BadCardData) when the protocol failed in a way that only a reset of the card repairs or that left open
  // whether the command was executed, Error(BadRequest) for a command of no octets or too many, and what CardLine
  // throws.
  [[nodiscard]] Bytes transceive(ByteView command);

private:
  class Exchange;
  void resynchronise();

  CardLine& m_line;
  T1Settings m_settings;
  std::uint8_t m_ifsc;
  std::uint8_t m_ifsd = 32;
  std::uint8_t m_send_sequence = 0;    // N(S) of our next I-block
  std::uint8_t m_receive_sequence = 0; // N(S) that we expect
  bool m_settled = true;               // both sides count alike: the exchange before came to its end
};

} // namespace twcard::ifd
