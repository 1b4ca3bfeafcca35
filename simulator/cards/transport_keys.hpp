// The simulator's own transport keys, which protect VERIFY on its HiCOS cards, and the PIN block they make.
// Test keys: their octets are the ASCII text "twcard-sim key 1" and "twcard-sim key 2", so nobody takes them for
// others.
#pragma once

#include "driver/base/bytes.hpp"

#include <optional>
#include <string_view>

namespace twcard::simulator {

// Key set 1 or 2.
[[nodiscard]] constexpr std::string_view transport_key(int key_set) {
  return key_set == 2 ? "twcard-sim key 2" : "twcard-sim key 1";
}

// The data of a protected VERIFY: an IV of 8 octets and 24 octets of 3DES-CBC over PIN field and MAC.
inline constexpr std::size_t pin_block_octets = 32;
inline constexpr std::size_t pin_field_octets = 10;

// The PIN field (10 octets) inside the block, or nullopt when padding or MAC say that it was not made with this key.
[[nodiscard]] std::optional<Bytes> open_pin_block(ByteView block, ByteView key);

} // namespace twcard::simulator
