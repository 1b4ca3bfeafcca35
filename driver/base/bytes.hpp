// Octet strings and their textual forms.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twcard {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Upper-case hexadecimal, two digits per octet, no separators.
[[nodiscard]] std::string to_hex(ByteView bytes);
// Either case, no separators, an even number of digits; anything else is nullopt.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4, with padding, no line breaks.
[[nodiscard]] std::string to_base64(ByteView bytes);
// Strict: padding required, no white space, unused bits zero; anything else is nullopt.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

// Puts octets or text behind what a vector of octets (Bytes, ScrubbedBytes) has.
template <typename Octets>
void append(Octets& to, ByteView more) {
  to.insert(to.end(), more.begin(), more.end());
}
template <typename Octets>
void append(Octets& to, std::string_view more) {
  append(to, as_bytes(more));
}
[[nodiscard]] inline Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const auto part : parts) append(all, part);
  return all;
}

} // namespace twcard
