// Arithmetic whose time and memory access do not depend on the values. A mask is all ones (true) or zero (false).
#pragma once

#include "driver/base/secure_bytes.hpp"

#include <cstdint>

namespace twcard::pkcs11::constant_time {

using Word = std::uint32_t;

// Hides a value from the optimiser, which could otherwise make branches of masks.
[[nodiscard]] inline Word opaque(Word value) {
  asm volatile("" : "+r"(value));
  return value;
}
[[nodiscard]] inline Word mask_of_top_bit(Word value) {
  return opaque(Word{0} - (value >> 31));
}
[[nodiscard]] inline Word is_zero(Word value) {
  return mask_of_top_bit(~value & (value - 1));
}
[[nodiscard]] inline Word equal(Word a, Word b) {
  return is_zero(a ^ b);
}
// For values below 2^31.
[[nodiscard]] inline Word less(Word a, Word b) {
  return mask_of_top_bit(a - b);
}
[[nodiscard]] inline Word select(Word mask, Word if_true, Word if_false) {
  return (mask & if_true) | (~mask & if_false);
}

// The last `size` octets of a buffer, where only the returned object's size (public from then on) tells how many they
// are: the octets are moved to the front in steps of powers of two, each done for every size.
[[nodiscard]] inline SecureBytes tail(SecureBytes octets, std::size_t size) {
  const auto all = octets.size();
  const auto distance = static_cast<Word>(all - size);
  auto* data = octets.data();
  for (std::size_t step = 1; step < all; step <<= 1) {
    const Word move = ~is_zero(distance & static_cast<Word>(step));
    for (std::size_t i = 0; i + step < all; ++i)
      data[i] = static_cast<std::uint8_t>(select(move, data[i + step], data[i]));
  }
  octets.truncate(size);
  return octets;
}

} // namespace twcard::pkcs11::constant_time
