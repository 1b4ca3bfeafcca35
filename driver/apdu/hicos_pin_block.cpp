#include "driver/apdu/hicos_pin_block.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <openssl/evp.h>

namespace twcard::apdu {

namespace {

constexpr std::size_t block_size = 8;

using Key = std::span<const std::uint8_t, hicos_transport_key_size>;
using Iv = std::span<const std::uint8_t, hicos_iv_size>;

ScrubbedBytes encrypt_cbc(Key key, Iv iv, ByteView plain) {
  ScrubbedBytes three_keys(key.begin(), key.end());
  three_keys.insert(three_keys.end(), key.begin(), key.begin() + block_size); // K1 K2 K1

  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  // OpenSSL's own padding is PKCS#7 (RFC 5652 section 6.3).
  ScrubbedBytes cipher(plain.size() + block_size);
  int updated = 0;
  int finished = 0;
  if (context == nullptr ||
      EVP_EncryptInit_ex(context.get(), EVP_des_ede3_cbc(), nullptr, three_keys.data(), iv.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), cipher.data(), &updated, plain.data(), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), cipher.data() + updated, &finished) != 1)
    throw Error(Errc::Internal, "triple DES is not available in OpenSSL");
  cipher.resize(static_cast<std::size_t>(updated) + static_cast<std::size_t>(finished));
  return cipher;
}

} // namespace

ScrubbedBytes hicos_pin_block(const Pin& pin, Key transport_key, Iv iv) {
  if (pin.size() > hicos_pin_field_size) throw Error(Errc::PinLength, "PIN of more than 10 characters");

  ScrubbedBytes plain;
  plain.reserve(hicos_pin_field_size + block_size);
  plain.assign(hicos_pin_field_size, 0xFF);
  const auto digits = pin.view();
  std::copy(digits.begin(), digits.end(), plain.begin());

  const auto chain = encrypt_cbc(transport_key, iv, plain);
  plain.insert(plain.end(), chain.end() - block_size, chain.end());
  const auto cryptogram = encrypt_cbc(transport_key, iv, plain);

  ScrubbedBytes body(iv.begin(), iv.end());
  body.insert(body.end(), cryptogram.begin(), cryptogram.end());
  return body;
}

} // namespace twcard::apdu
