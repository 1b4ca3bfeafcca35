// The other side of a signature or of an encryption, done by OpenSSL: what the module makes has to be good for it, and
// the other way round.
#pragma once

#include "tests/pkcs11/operations/software_card.hpp"

#include <optional>
#include <string>

namespace twcard::tests {

struct RsaScheme {
  int padding = 0;                // RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PKCS1_OAEP_PADDING, RSA_NO_PADDING
  const char* hash = nullptr;     // of the data (signatures) or of OAEP
  const char* mgf_hash = nullptr; // PSS, OAEP
  int salt_size = 0;
  Bytes label;
};

[[nodiscard]] Bytes openssl_digest(const char* hash, ByteView data);
// `digest` is the digest where the scheme has a hash, else the data.
[[nodiscard]] bool openssl_verifies(const Key& key, const RsaScheme& scheme, ByteView digest, ByteView signature);
[[nodiscard]] Bytes openssl_signature(const Key& key, const RsaScheme& scheme, ByteView digest);
[[nodiscard]] Bytes openssl_encrypts(const Key& key, const RsaScheme& scheme, ByteView data);
[[nodiscard]] std::optional<Bytes> openssl_decrypts(const Key& key, const RsaScheme& scheme, ByteView encrypted);

} // namespace twcard::tests
