#include "daemon/card/digest.hpp"

#include "driver/base/error.hpp"

#include <openssl/evp.h>

namespace twcard::service {

Bytes sha256(ByteView octets) {
  Bytes digest(32);
  if (EVP_Digest(octets.data(), octets.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw Error(Errc::Internal, "SHA-256 is not available");
  return digest;
}

} // namespace twcard::service
