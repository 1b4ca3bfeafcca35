// Random octets from OpenSSL's generator. Throws Error(Internal) when it has none.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>

namespace twcard::crypto {

void fill_with_random(std::span<std::uint8_t> octets);
[[nodiscard]] Bytes random_octets(std::size_t count);

} // namespace twcard::crypto
