// The body of VERIFY on a generation 1 citizen certificate card: a PIN under the card's transport key.
// Source: docs/cards/citizen.md, "PIN".
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace twcard::apdu {

inline constexpr std::size_t hicos_transport_key_size = 16; // two-key triple DES
inline constexpr std::size_t hicos_iv_size = 8;
inline constexpr std::size_t hicos_pin_field_size = 10;

// 32 octets: IV, then 24 octets of cryptogram. The PIN is padded with FF to ten octets; MAC = last block of
// 3DES-CBC(IV, PKCS#7(PIN)); cryptogram = 3DES-CBC(IV, PKCS#7(PIN || MAC)), one key for both.
// Throws Error(PinLength) for a PIN of more than ten octets, Error(Internal) when OpenSSL fails.
[[nodiscard]] ScrubbedBytes hicos_pin_block(const Pin& pin,
                                            std::span<const std::uint8_t, hicos_transport_key_size> transport_key,
                                            std::span<const std::uint8_t, hicos_iv_size> iv);

} // namespace twcard::apdu
