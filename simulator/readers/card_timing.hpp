// How long a real card would take for what a simulated one does at once: the line and the RSA coprocessor.
//
// A character of T=1 takes 11 elementary time units (ISO/IEC 7816-3:2006, section 11.2), a block 4 octets besides its
// content, of which there are at most 254 in one; a block that is not the last of its command or response is answered
// by one of 4 octets (sections 11.3 and 11.6). Resets and everything else cost nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace twcard::simulator {

struct CardTiming {
  std::uint32_t line = 0;                        // bit/s; 0: no line time
  std::chrono::milliseconds private_operation{}; // of RSA

  // "none"; "real" for a card at 9600 bit/s whose RSA takes 300 ms; "real:line=38400,rsa=600" with other values, each
  // of which may be left out. Throws Error(BadRequest).
  [[nodiscard]] static CardTiming parse(std::string_view text);

  [[nodiscard]] bool none() const noexcept { return line == 0 && private_operation.count() == 0; }
  [[nodiscard]] std::chrono::microseconds of_exchange(std::size_t command_octets, std::size_t response_octets,
                                                      std::uint64_t private_operations) const noexcept;
};

} // namespace twcard::simulator
