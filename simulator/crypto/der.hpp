// Writing DER (ITU-T X.690): what the card files and a certificate extension need, nothing more.
// Values only; no limits but memory.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace twcard::simulator::der {

// Tag (one octet), length in its shortest form, and the parts one after another.
[[nodiscard]] Bytes element(std::uint8_t tag, std::initializer_list<Bytes> parts);
[[nodiscard]] Bytes sequence(std::initializer_list<Bytes> parts);
[[nodiscard]] Bytes set(std::initializer_list<Bytes> parts);
[[nodiscard]] Bytes octet_string(ByteView octets);
[[nodiscard]] Bytes utf8_string(std::string_view text);
[[nodiscard]] Bytes printable_string(std::string_view text);
[[nodiscard]] Bytes boolean(bool value);
// The content octets of a non-negative INTEGER, for implicitly tagged ones.
[[nodiscard]] Bytes integer_content(std::uint32_t value);
[[nodiscard]] Bytes integer(std::uint32_t value);
// A named bit list: the numbers of the bits that are set, 0 to 15.
[[nodiscard]] Bytes named_bits(std::initializer_list<unsigned> bits);

} // namespace twcard::simulator::der
