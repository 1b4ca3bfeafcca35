#include "portal/verification/digest.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace twcard::portal {

Bytes sha256(ByteView message) {
  Bytes digest(32);
  if (EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return digest;
}

Bytes random_octets(std::size_t count) {
  Bytes octets(count);
  if (RAND_bytes(octets.data(), static_cast<int>(count)) != 1) throw std::runtime_error("no randomness");
  return octets;
}

} // namespace twcard::portal
