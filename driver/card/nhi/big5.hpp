// Big5 with the Hong Kong supplement, as it stands on Taiwanese cards, to UTF-8.
#pragma once

#include "driver/base/bytes.hpp"

#include <string>

namespace twcard::card {

struct DecodedText {
  std::string text;       // UTF-8; U+FFFD for what has no sure Unicode
  bool uncertain = false; // there is such a character
};

// Decodes by iconv (BIG5-HKSCS) up to the first NUL; trailing spaces are dropped. No sure Unicode have: user-defined
// characters (lead octet FA and up: every authority has its own), a character that was cut in the middle, control
// characters, and octets that are no Big5. Throws Error(Internal) when iconv does not know the encoding.
[[nodiscard]] DecodedText decode_big5(ByteView octets);

} // namespace twcard::card
