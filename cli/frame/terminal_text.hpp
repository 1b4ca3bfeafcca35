// Text on its way to a terminal.
#pragma once

#include <string>
#include <string_view>

namespace twcard::cli {

// What a terminal would obey instead of show is made visible (control C22 of SECURITY.md): control characters,
// direction and zero-width marks, line and paragraph separators become \u{HEX}, octets that are no UTF-8 \x{HEX}.
// For everything that comes from a card, a reader, a file name or the service.
[[nodiscard]] std::string escaped(std::string_view text);

// JSON text in which the same characters are \uHHHH, which a JSON parser gives back unchanged. JSON itself demands
// that only for the control characters below U+0020.
[[nodiscard]] std::string escaped_json(std::string_view json);

// Columns that the text takes: East Asian wide characters take two.
[[nodiscard]] std::size_t display_width(std::string_view text);

// The text, filled with spaces up to `columns`.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

} // namespace twcard::cli
