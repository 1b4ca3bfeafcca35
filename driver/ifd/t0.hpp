// The character transmission protocol T=0 as the interface device speaks it, ISO/IEC 7816-3:2006 clause 10, and the
// mapping of command APDUs to it, clause 12.2.
//
// 61xx and 6Cxx end a command here and go up as they are: PC/SC leaves GET RESPONSE and the repetition to the caller.
#pragma once

#include "driver/ifd/card_line.hpp"

#include <chrono>
#include <cstdint>

namespace twcard::ifd {

// Who sees to the procedure bytes. A reader of the TPDU level takes header and data at once and answers with data and
// status word: two octets or more. One of the character level carries octets, and the driver follows the procedure
// bytes. What is known of the EZ100PU says TPDU and leaves a doubt, so an answer of a single octet, which no reader of
// the TPDU level gives, changes to the character level for good. A command whose data were sent too early then fails
// once, as its caller cannot know what the card took of it.
enum class ExchangeLevel : std::uint8_t { Character, Tpdu };

class T0 final {
public:
  // After a reset of the card. The line must outlive the object, and so must `level`: what is learnt of the reader
  // stays with it. `work_waiting_time`: for the bound on NULL bytes.
  T0(CardLine& line, ExchangeLevel& level, std::chrono::milliseconds work_waiting_time)
      : m_line(line), m_level(level), m_waiting_time(work_waiting_time) {}

  // One short command APDU (4 to 261 octets), one response of at most 258. Le of a case 4 command is not sent: T=0 has
  // no room for it. Blocks. Throws Error(BadRequest) for an APDU that does not fit, Error(BadCardData) when the card
  // breaks the protocol or falls silent, and what CardLine throws.
  [[nodiscard]] Bytes transceive(ByteView command);

private:
  struct Tpdu;
  [[nodiscard]] Bytes as_tpdu(const Tpdu& tpdu);
  [[nodiscard]] Bytes by_character(const Tpdu& tpdu, Bytes answer);
  [[nodiscard]] Bytes read(std::size_t count);

  CardLine& m_line;
  ExchangeLevel& m_level;
  std::chrono::milliseconds m_waiting_time;
};

} // namespace twcard::ifd
