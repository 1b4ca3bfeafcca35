// Digests of short texts (FIPS 180-4).
#pragma once

#include "driver/base/bytes.hpp"

namespace twcard::crypto {

// For a protocol that wants it; too weak for anything else.
[[nodiscard]] Bytes sha1(ByteView octets);
[[nodiscard]] Bytes sha256(ByteView octets);

} // namespace twcard::crypto
