// Random octets for sessions and challenges.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>

namespace twcard::portal {

// From OpenSSL's generator. Throws std::runtime_error when it has no randomness.
[[nodiscard]] Bytes random_octets(std::size_t count);

} // namespace twcard::portal
