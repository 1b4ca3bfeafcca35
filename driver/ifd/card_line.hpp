// The way to the card below the transmission protocols: octets out, octets back. The one seam between the protocol
// state machines (T1, T0) and a reader; tests and fuzz targets put scripted and mutated cards behind it.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>

namespace twcard::ifd {

class CardLine {
public:
  virtual ~CardLine() = default;

  // Sends octets to the card and returns what it answers; empty when nothing readable came within the card's waiting
  // time. `expected`: octets to wait for, for a reader that works character by character (0: the reader finds the end
  // itself). `extension` multiplies the waiting time of this one exchange (at least 1).
  // Blocks. Throws Error(CardRemoved), Error(NoReader) when the reader is gone, Error(Timeout) when the reader itself
  // does not answer, Error(BadCardData) when what the reader says is no answer.
  [[nodiscard]] virtual Bytes exchange(ByteView octets, std::size_t expected, unsigned extension) = 0;
};

} // namespace twcard::ifd
