// The members of a SEQUENCE in the order of an ASN.1 module, where many are optional; and the values of the simple
// types in the directories of an ISO/IEC 7816-15 card. Hostile input: everything malformed throws Error(BadCardData).
#pragma once

#include "driver/apdu/tlv.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace twcard::card {

// "PKCS-15" under the identifier of RSA Laboratories: the name of the application.
inline constexpr std::array<std::uint8_t, 12> pkcs15_identifier{0xA0, 0x00, 0x00, 0x00, 0x63, 0x50,
                                                                0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35};

namespace tag {
inline constexpr std::uint32_t boolean = 0x01;
inline constexpr std::uint32_t integer = 0x02;
inline constexpr std::uint32_t bit_string = 0x03;
inline constexpr std::uint32_t octet_string = 0x04;
inline constexpr std::uint32_t object_identifier = 0x06;
inline constexpr std::uint32_t enumerated = 0x0A;
inline constexpr std::uint32_t utf8_string = 0x0C;
inline constexpr std::uint32_t generalized_time = 0x18;
inline constexpr std::uint32_t sequence = 0x30;
inline constexpr std::uint32_t application_identifier = 0x4F; // ISO/IEC 7816-4:2005 section 8.2.1.1
inline constexpr std::uint32_t application_path = 0x51;
inline constexpr std::uint32_t application_template = 0x61;
constexpr std::uint32_t context(unsigned number) {
  return 0x80 | number;
}
constexpr std::uint32_t context_constructed(unsigned number) {
  return 0xA0 | number;
}
} // namespace tag

[[noreturn]] void bad_directory(const char* what);

class Fields final {
public:
  explicit Fields(apdu::TlvReader reader) : m_level(reader), m_reader(reader), m_next(m_reader.next()) {}

  // The next member when it has this tag.
  [[nodiscard]] std::optional<apdu::Tlv> take(std::uint32_t wanted);
  // The same for one that has to be there; `without` says what is wrong when it is not.
  [[nodiscard]] apdu::Tlv require(std::uint32_t wanted, const char* without);
  // Passes over the next member, which has to be there.
  void skip();
  [[nodiscard]] Fields inside(const apdu::Tlv& member) const { return Fields(m_level.inside(member)); }
  // The members of the next member.
  [[nodiscard]] Fields inside(std::uint32_t wanted, const char* without) { return inside(require(wanted, without)); }

private:
  apdu::TlvReader m_level;
  apdu::TlvReader m_reader;
  std::optional<apdu::Tlv> m_next;
};

// An INTEGER from 0 to `most`.
[[nodiscard]] std::size_t unsigned_of(const apdu::Tlv& integer,
                                      std::size_t most = std::numeric_limits<std::uint32_t>::max());
// A reference of one octet; cards write those above 7F with or without a leading zero.
[[nodiscard]] std::uint8_t reference_of(const apdu::Tlv& integer);
// A bit of a named bit list.
[[nodiscard]] bool has_bit(const apdu::Tlv& bits, unsigned number);
// At most 64 octets.
[[nodiscard]] Bytes short_octets(const apdu::Tlv& value);
// UTF-8 of at most 64 octets; control characters and invalid UTF-8 become "?".
[[nodiscard]] std::string text_of(const apdu::Tlv& value);

} // namespace twcard::card
