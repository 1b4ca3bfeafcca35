// Text from outside: names of readers, labels and names from cards, what a vendor's library says. It becomes valid
// UTF-8 where it comes in, so that nothing behind that border has to doubt it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twcard {

// Octets of the well-formed UTF-8 sequence (Unicode 15, table 3-7) at the front of `text`; 0 when there is none.
[[nodiscard]] std::size_t utf8_sequence_size(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
// The text with U+FFFD in place of each octet that belongs to no character.
[[nodiscard]] std::string valid_utf8(std::string_view text);
// The same without control characters, which become "?": one line, at most `most` octets of whole characters.
[[nodiscard]] std::string label_text(std::string_view text, std::size_t most);

} // namespace twcard
