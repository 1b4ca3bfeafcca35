// The answer to reset, ISO/IEC 7816-3:2006 clause 8, as far as a reader's driver needs it.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace twcard::ifd {

enum class Protocol : std::uint8_t { T0 = 0, T1 = 1 };

struct AnswerToReset {
  bool inverse_convention = false;
  std::uint8_t ta1 = 0x11;                   // Fi and Di indices; 11 is the default of the standard
  std::uint8_t extra_guard_time = 0;         // TC1, in elementary time units; 255 has a meaning of its own
  std::vector<Protocol> protocols;           // offered, first one first, each once; never empty
  std::optional<std::uint8_t> specific_mode; // TA2: number of the protocol that the card speaks at once, no PPS
  bool implicit_parameters = false;          // TA2 bit 5: F and D are the card's own knowledge
  std::uint8_t waiting_integer = 10;         // WI of T=0 (TC2)
  std::uint8_t ifsc = 32;                    // T=1: longest information field that the card takes (1 to 254)
  std::uint8_t bwi = 4;                      // T=1: block waiting time integer (0 to 9)
  std::uint8_t cwi = 13;                     // T=1: character waiting time integer (0 to 15)
  bool cyclic_check = false;                 // T=1: blocks end in a CRC instead of an LRC
  bool clock_stop = false;                   // TA of T=15: the clock may be stopped
  std::uint8_t clock_stop_state = 0;         // 1: low, 2: high, 3: either

  [[nodiscard]] bool offers(Protocol protocol) const noexcept;
};

// Longest answer to reset: TS and 32 characters.
inline constexpr std::size_t longest_atr = 33;

// Nothing for octets that are no answer to reset: wrong TS, cut short, longer than announced, check character wrong or
// missing, values that the standard reserves. Any octets may be given.
[[nodiscard]] std::optional<AnswerToReset> parse_atr(ByteView octets);

} // namespace twcard::ifd
