// The two primitives that sessions, challenges and tokens share.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>

namespace twcard::portal {

// 32 octets (FIPS 180-4).
[[nodiscard]] Bytes sha256(ByteView message);
// From OpenSSL's generator. Throws std::runtime_error when it has no randomness.
[[nodiscard]] Bytes random_octets(std::size_t count);

} // namespace twcard::portal
