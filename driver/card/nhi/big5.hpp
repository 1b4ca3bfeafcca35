// Big5 as Taiwan uses it (code page 950), and as it stands on Taiwanese cards, to UTF-8.
#pragma once

#include "driver/base/bytes.hpp"

#include <string>

namespace twcard::card {

struct DecodedText {
  std::string text;       // UTF-8; U+FFFD for what has no certain Unicode equivalent
  bool uncertain = false; // there is such a character
};

// Decodes up to the first NUL, by the table of big5_table.py. No certain Unicode equivalent have user-defined
// characters (8140 to A0FE, C6A1 to C8FE but for ETEN's symbols, FA40 to FEFE: every authority has its own, and Hong
// Kong's are not Taiwan's), a character that was cut in the middle, control characters, and octets that are not Big5.
[[nodiscard]] DecodedText decode_big5(ByteView octets);
// The same for a field that may be padded with spaces: those at its end are dropped.
[[nodiscard]] DecodedText decode_padded_big5(ByteView octets);

} // namespace twcard::card
