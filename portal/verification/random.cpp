#include "portal/verification/random.hpp"

#include <openssl/rand.h>
#include <stdexcept>

namespace twcard::portal {

Bytes random_octets(std::size_t count) {
  Bytes octets(count);
  if (RAND_bytes(octets.data(), static_cast<int>(count)) != 1) throw std::runtime_error("no randomness");
  return octets;
}

} // namespace twcard::portal
