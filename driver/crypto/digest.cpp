#include "driver/crypto/digest.hpp"

#include "driver/base/error.hpp"

#include <openssl/evp.h>

namespace twcard::crypto {

namespace {

Bytes digest_by(const EVP_MD* function, ByteView octets) {
  Bytes digest(static_cast<std::size_t>(EVP_MD_get_size(function)));
  if (EVP_Digest(octets.data(), octets.size(), digest.data(), nullptr, function, nullptr) != 1)
    throw Error(Errc::Internal, "OpenSSL does not make a digest");
  return digest;
}

} // namespace

Bytes sha1(ByteView octets) {
  return digest_by(EVP_sha1(), octets);
}

Bytes sha256(ByteView octets) {
  return digest_by(EVP_sha256(), octets);
}

} // namespace twcard::crypto
