// A line to one card in one reader. Implementations: PC/SC (pcsc.hpp), the simulator's in-process reader, a scripted
// replay in tests. Not thread safe: a channel belongs to one thread.
#pragma once

#include "driver/base/bytes.hpp"

namespace twcard::reader {

// How a transaction leaves the card.
enum class Disposition { Leave, Reset };

class CardChannel {
public:
  virtual ~CardChannel() = default;
  CardChannel() = default;
  CardChannel(const CardChannel&) = delete;
  CardChannel& operator=(const CardChannel&) = delete;

  // Answer to reset, at most 33 octets (ISO/IEC 7816-3 section 8.2.1).
  [[nodiscard]] virtual Bytes atr() const = 0;
  // Takes the card for this program alone. Blocks while another program holds it. When somebody reset the card since
  // the last end(), reconnects once and makes sure, by the reader's event counter, that it is still the same card.
  // Throws CardRemoved (pulled or swapped), CardReset, NoReader, NoPcsc.
  virtual void begin() = 0;
  // Gives the card back. Never throws: a card that is gone needs no end.
  virtual void end(Disposition disposition) noexcept = 0;
  // One command APDU to the card, its whole response (data and status word) back. Blocks for as long as the card
  // takes. Throws CardRemoved, CardReset, NoReader, NoPcsc.
  [[nodiscard]] virtual Bytes transmit(ByteView command) = 0;
};

} // namespace twcard::reader
