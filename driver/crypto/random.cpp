#include "driver/crypto/random.hpp"

#include "driver/base/error.hpp"

#include <openssl/rand.h>

namespace twcard::crypto {

void fill_with_random(std::span<std::uint8_t> octets) {
  if (RAND_bytes(octets.data(), static_cast<int>(octets.size())) != 1)
    throw Error(Errc::Internal, "OpenSSL has no random numbers");
}

Bytes random_octets(std::size_t count) {
  Bytes octets(count);
  fill_with_random(octets);
  return octets;
}

} // namespace twcard::crypto
