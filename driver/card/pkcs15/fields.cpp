#include "driver/card/pkcs15/fields.hpp"

#include "driver/base/error.hpp"

#include <openssl/asn1.h>

namespace twcard::card {

namespace {

constexpr std::size_t max_short_octets = 64;

bool is_control(unsigned long character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

} // namespace

void bad_directory(const char* what) {
  throw Error(Errc::BadCardData, what);
}

std::optional<apdu::Tlv> Fields::take(std::uint32_t wanted) {
  if (!m_next || m_next->tag != wanted) return std::nullopt;
  const auto member = *m_next;
  m_next = m_reader.next();
  return member;
}

apdu::Tlv Fields::require(std::uint32_t wanted, const char* without) {
  const auto member = take(wanted);
  if (!member) bad_directory(without);
  return *member;
}

void Fields::skip() {
  if (!m_next) bad_directory("directory: a member is missing");
  m_next = m_reader.next();
}

std::size_t unsigned_of(const apdu::Tlv& integer, std::size_t most) {
  constexpr std::size_t max_octets = 5; // 32 bits and a leading zero
  const auto octets = integer.value;
  if (octets.empty() || octets.size() > max_octets || (octets[0] & 0x80) != 0)
    bad_directory("directory: a number that is negative or too long");
  std::size_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  if (value > most) bad_directory("directory: a number over its limit");
  return value;
}

std::uint8_t reference_of(const apdu::Tlv& integer) {
  const auto octets = integer.value;
  const bool one = octets.size() == 1;
  const bool extended = octets.size() == 2 && (octets[0] == 0x00 || octets[0] == 0xFF);
  if (!one && !extended) bad_directory("directory: a reference that is not one octet");
  return octets.back();
}

bool has_bit(const apdu::Tlv& bits, unsigned number) {
  if (bits.value.empty() || bits.value[0] > 7) bad_directory("directory: no bit string");
  const std::size_t octet = 1 + number / 8;
  return octet < bits.value.size() && (bits.value[octet] & 0x80U >> number % 8) != 0;
}

Bytes short_octets(const apdu::Tlv& value) {
  if (value.value.size() > max_short_octets) bad_directory("directory: a value over 64 octets");
  return to_bytes(value.value);
}

std::string text_of(const apdu::Tlv& value) {
  std::string text;
  auto rest = value.value.first(std::min(value.value.size(), max_short_octets));
  while (!rest.empty()) {
    unsigned long character = 0;
    const int size = UTF8_getc(rest.data(), static_cast<int>(rest.size()), &character);
    const auto taken = static_cast<std::size_t>(std::max(size, 1));
    if (size <= 0 || is_control(character)) {
      text += '?';
    } else {
      text += as_text(rest.first(taken));
    }
    rest = rest.subspan(taken);
  }
  return text;
}

} // namespace twcard::card
