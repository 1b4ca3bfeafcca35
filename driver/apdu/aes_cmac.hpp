// AES-CMAC with a key of 128 bits: NIST SP 800-38B, RFC 4493.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"

#include <cstddef>

namespace twcard::apdu {

inline constexpr std::size_t aes_key_size = 16;
inline constexpr std::size_t aes_block_size = 16;

// 16 octets. Throws Error(Internal) for a key of another length than 16 octets, and when OpenSSL fails.
[[nodiscard]] ScrubbedBytes aes_cmac(ByteView key, ByteView message);

} // namespace twcard::apdu
