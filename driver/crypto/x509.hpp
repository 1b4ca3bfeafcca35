// X.509 certificates by OpenSSL: owners, and what several programs ask of one. Hostile input: nothing here trusts it,
// and nothing leaves an entry on the thread's error queue.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"
#include "driver/crypto/digest.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <optional>
#include <string>

namespace twcard::crypto {

using Bio = Owned<BIO, BIO_free_all>;
using Certificate = Owned<X509, X509_free>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using Store = Owned<X509_STORE, X509_STORE_free>;
using StoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

// Clears the error queue at its end: what OpenSSL had to say about bad input stays there otherwise.
struct ErrorQueueCleaner {
  ErrorQueueCleaner() = default;
  ~ErrorQueueCleaner();
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
};

// The owner that OpenSSL was asked to make. Throws Error(Internal) when it is empty.
template <typename Owner>
[[nodiscard]] Owner made(Owner owner) {
  if (!owner) throw Error(Errc::Internal, "OpenSSL: out of memory");
  return owner;
}

// Empty unless `der` is exactly one certificate in DER. Of one whose names OpenSSL refuses, a copy with names that it
// takes (readable_names.hpp): keys and extensions are the certificate's, names and signature are not for checking.
[[nodiscard]] Certificate parse_x509(ByteView der);

// What has been written into a memory BIO.
[[nodiscard]] std::string text_in(BIO* memory);
enum class NameOrder { Rfc2253, Encoded }; // RFC 2253 has the last element first
// RFC 2253 text, but non-ASCII characters stay UTF-8; nullopt for a name that is not text.
[[nodiscard]] std::optional<std::string> text_of(const X509_NAME* name, NameOrder order = NameOrder::Rfc2253);
// YYYY-MM-DDTHH:MM:SSZ; nullopt for an invalid date.
[[nodiscard]] std::optional<std::string> text_of(const ASN1_TIME* time);
// Big-endian, no leading zero.
[[nodiscard]] Bytes octets_of(const BIGNUM* number);

// Whether `signature` is an RSASSA-PKCS1-v1_5 signature (RFC 8017 section 8.2) of the hash by this key; false for a key
// of another kind.
[[nodiscard]] bool verifies(EVP_PKEY* key, HashFunction function, ByteView hash, ByteView signature);

} // namespace twcard::crypto
