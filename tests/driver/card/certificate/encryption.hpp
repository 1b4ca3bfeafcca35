// What a correspondent of the card's holder does: encrypts a message with the public key of a certificate.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string_view>

namespace twcard::testing {

// RSAES-PKCS1-v1_5, for a certificate (DER) with an RSA 2048 key.
inline Bytes encrypted_for(ByteView certificate, std::string_view message) {
  const auto* at = certificate.data();
  const std::unique_ptr<X509, decltype(&X509_free)> x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())),
                                                         X509_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(X509_get0_pubkey(x509.get()), nullptr), EVP_PKEY_CTX_free);
  Bytes cipher(256);
  auto size = cipher.size();
  const auto plain = as_bytes(message);
  BOOST_REQUIRE(EVP_PKEY_encrypt_init(context.get()) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_encrypt(context.get(), cipher.data(), &size, plain.data(), plain.size()) == 1);
  return cipher;
}

} // namespace twcard::testing
