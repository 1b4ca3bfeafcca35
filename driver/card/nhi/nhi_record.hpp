// The basic record of 57 octets of the National Health Insurance card. Source: docs/cards/nhi.md, "Basic record".
// Pure functions over what the card said.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/card/nhi/nhi_card.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace twcard::card {

inline constexpr std::size_t nhi_record_octets = 57;

// Everything but the termination mark; what follows the 57 octets, as a later edition of the card may have it, is left
// out. Throws Error(BadCardData) for a shorter record; all other doubts are warnings and cost their field only.
[[nodiscard]] NhiRecord parse_nhi_record(ByteView octets);

// The fields as they stand there, blanks included; none of them is judged. Throws Error(BadCardData) as above.
[[nodiscard]] NhiFields parse_nhi_fields(ByteView octets);

// An octet as a text: empty for NUL, U+FFFD for anything but a printable ASCII character.
[[nodiscard]] std::string termination_character(std::uint8_t octet);

// Termination mark from the card data: the first character, empty when it is a space or NUL.
// Throws Error(BadCardData) when there is no octet at all.
[[nodiscard]] std::string parse_termination_mark(ByteView card_data);

// 12 digits. Throws Error(BadCardData).
[[nodiscard]] std::string parse_nhi_card_number(ByteView octets);

// "YYYYMMDD" of the Republic, year 1 being 1912, with three digits for the year (0850102) to YYYY-MM-DD; nullopt for
// an invalid date.
[[nodiscard]] std::optional<std::string> iso_date_of(std::string_view roc_date);

// What is doubtful about a national ID (A123456789) or a resident's number of the old (AB12345678) or the new form
// (A812345678); empty when its form and checksum are right.
[[nodiscard]] std::string doubt_about_id_number(std::string_view number);

} // namespace twcard::card
