// Command and response APDUs, ISO/IEC 7816-3 section 12.1 and 7816-4 section 5.
#pragma once

#include "driver/apdu/status_word.hpp"
#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"

#include <cstdint>
#include <optional>

namespace twcard::apdu {

// A command in one of the four cases: without data and Le (1), with Le (2), with data (3), with both (4).
// Short form for data up to 255 and Le up to 256 octets, extended form above (data up to 65,535, Le up to 65,536).
struct CommandApdu {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  ScrubbedBytes data;              // may be a PIN block: wiped when freed
  std::optional<std::uint32_t> le; // 1 to 65,536 octets expected; 256 and 65,536 encode as 00 and 0000

  // Throws Error(BadRequest) when data or Le is over the extended limits, or Le is 0.
  [[nodiscard]] ScrubbedBytes encode() const;
  // Throws Error(BadRequest) when `octets` is not one of the seven encodings. decode(encode(x)) == x.
  [[nodiscard]] static CommandApdu decode(ByteView octets);

  friend bool operator==(const CommandApdu&, const CommandApdu&) = default;
};

// A response: data and status word.
struct ResponseApdu {
  Bytes data;
  StatusWord status;

  [[nodiscard]] Bytes encode() const;
  // Throws Error(BadCardData) when shorter than 2 or longer than 65,538 octets.
  [[nodiscard]] static ResponseApdu decode(ByteView octets);

  friend bool operator==(const ResponseApdu&, const ResponseApdu&) = default;
};

} // namespace twcard::apdu
