// Text in the fixed fields of PKCS#11: UTF-8, filled up with blanks, no NUL (3.0, section 3.2).
#pragma once

#include "pkcs11/cryptoki/types.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace twcard::pkcs11 {

// A text that is too long is cut between two characters.
inline void put_text(std::span<CK_UTF8CHAR> field, std::string_view text) noexcept {
  auto size = std::min(text.size(), field.size());
  const auto is_continuation = [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U; };
  if (size < text.size())
    while (size > 0 && is_continuation(text[size])) --size;
  std::ranges::fill(field, static_cast<CK_UTF8CHAR>(' '));
  std::copy_n(text.begin(), size, field.begin());
}

} // namespace twcard::pkcs11
