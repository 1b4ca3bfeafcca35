// Text from callers and cards, made fit to be shown to a person who decides by it (control C22 of SECURITY.md).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twcard::prompt {

// UTF-8 in, one line of UTF-8 out. Control and format characters (direction overrides, joiners, tags), line breaks,
// private use and invalid UTF-8 become U+FFFD; a run of white space becomes one space. What is longer than
// `max_octets` (at least 16) loses its middle to an ellipsis, since both ends of a path tell something.
[[nodiscard]] std::string safe_text(std::string_view text, std::size_t max_octets);

} // namespace twcard::prompt
