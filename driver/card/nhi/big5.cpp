#include "driver/card/nhi/big5.hpp"

#include <algorithm>
#include <string_view>

namespace twcard::card {

namespace {

constexpr std::u16string_view characters =
#include "driver/card/nhi/big5_table.inc"
    ;
constexpr std::size_t characters_per_lead = 157; // trail octets 40 to 7E and A1 to FE
constexpr std::uint8_t first_lead = 0xA1;
constexpr std::uint8_t last_lead = 0xF9;
constexpr char16_t replacement = 0xFFFD;
static_assert(characters.size() == (last_lead - first_lead + 1) * characters_per_lead);

char16_t character_of(std::uint8_t lead, std::uint8_t trail) {
  const bool low = trail >= 0x40 && trail <= 0x7E;
  const bool high = trail >= 0xA1 && trail <= 0xFE;
  if (lead < first_lead || lead > last_lead || (!low && !high)) return replacement;
  const std::size_t column = low ? trail - 0x40U : trail - 0xA1U + 63;
  return characters[(lead - first_lead) * characters_per_lead + column];
}

// The table has no character beyond the Basic Multilingual Plane.
void append_utf8(std::string& text, char16_t character) {
  const auto rest_of = [character](unsigned shift) { return static_cast<char>(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    text += rest_of(0);
  } else {
    text += static_cast<char>(0xE0 | character >> 12);
    text += rest_of(6);
    text += rest_of(0);
  }
}

ByteView before_nul(ByteView octets) {
  return octets.first(static_cast<std::size_t>(std::find(octets.begin(), octets.end(), 0) - octets.begin()));
}

} // namespace

DecodedText decode_big5(ByteView octets) {
  octets = before_nul(octets);
  DecodedText decoded;
  const auto append = [&decoded](char16_t character) {
    append_utf8(decoded.text, character);
    if (character == replacement) decoded.uncertain = true;
  };
  for (std::size_t at = 0; at < octets.size(); ++at) {
    const auto octet = octets[at];
    if (octet < 0x80) {
      append(octet >= 0x20 && octet < 0x7F ? char16_t{octet} : replacement);
    } else if (octet == 0x80 || octet == 0xFF || at + 1 == octets.size()) {
      append(replacement);
    } else {
      append(character_of(octet, octets[++at]));
    }
  }
  return decoded;
}

DecodedText decode_padded_big5(ByteView octets) {
  octets = before_nul(octets);
  while (!octets.empty() && octets.back() == ' ') octets = octets.first(octets.size() - 1);
  return decode_big5(octets);
}

} // namespace twcard::card
