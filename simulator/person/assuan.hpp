// The line format of the Assuan protocol as pinentry speaks it (libassuan manual, "Implementation").
#pragma once

#include <string>
#include <string_view>

namespace twcard::simulator::assuan {

// Lines are at most 1000 octets, line end included.
inline constexpr std::size_t max_line = 1000;

// %XX becomes its octet; a '%' without two hexadecimal digits stays as it is.
[[nodiscard]] std::string unescape(std::string_view text);
// '%', CR and LF as %XX, so that any octets fit into a data line.
[[nodiscard]] std::string escape(std::string_view octets);

// Codes of libgpg-error with the source "Pinentry".
inline constexpr unsigned timeout = 83886142;
inline constexpr unsigned cancelled = 83886179;
inline constexpr unsigned not_confirmed = 83886194;
inline constexpr unsigned line_too_long = 83886343;
inline constexpr unsigned unknown_command = 83886355;
inline constexpr unsigned parameter = 83886360;

} // namespace twcard::simulator::assuan
