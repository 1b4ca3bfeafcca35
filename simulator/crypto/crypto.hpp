// What a card computes: RSA on raw blocks, two-key 3DES, AES-128, random octets. All by OpenSSL.
// OpenSSL failures that no input can cause throw Error(Internal).
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/crypto/random.hpp"

#include <memory>
#include <optional>
#include <string>

struct evp_pkey_st;

namespace twcard::simulator {

// An RSA key pair: of 2048 bits on cards, of 4096 in some issuing CAs.
class RsaKey final {
public:
  [[nodiscard]] static RsaKey generate(unsigned bits = 2048);
  // The key with these two primes, in hexadecimal, and the exponent 65537.
  [[nodiscard]] static RsaKey from_primes(const std::string& p, const std::string& q);
  // Unencrypted PKCS#8 in PEM. Throws Error(BadRequest) when it is no RSA key of 2048 or 4096 bits.
  [[nodiscard]] static RsaKey from_pem(const std::string& pem);
  [[nodiscard]] std::string to_pem() const;

  [[nodiscard]] unsigned bits() const;
  [[nodiscard]] Bytes modulus() const; // big-endian, 256 octets for 2048 bits
  [[nodiscard]] std::uint32_t exponent() const;
  // The private operation on a whole block without any padding; nullopt when it is not as long as the modulus,
  // or not below it.
  [[nodiscard]] std::optional<Bytes> raw_private(ByteView block) const;

  // For X.509 code; the pointer lives as long as the key.
  [[nodiscard]] evp_pkey_st* get() const noexcept { return m_key.get(); }

private:
  explicit RsaKey(std::shared_ptr<evp_pkey_st> key) : m_key(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> m_key;
};

// Two-key 3DES in CBC mode without padding: key 16 octets, iv 8, input a multiple of 8.
[[nodiscard]] Bytes des3_cbc_encrypt(ByteView key, ByteView iv, ByteView plain);
[[nodiscard]] Bytes des3_cbc_decrypt(ByteView key, ByteView iv, ByteView cipher);

// AES-128 in CBC mode without padding: key and iv 16 octets, input a multiple of 16.
[[nodiscard]] Bytes aes_cbc_encrypt(ByteView key, ByteView iv, ByteView plain);
[[nodiscard]] Bytes aes_cbc_decrypt(ByteView key, ByteView iv, ByteView cipher);
// AES-CMAC (RFC 4493), 16 octets.
[[nodiscard]] Bytes aes_cmac(ByteView key, ByteView message);

using crypto::random_octets;
[[nodiscard]] std::string random_digits(std::size_t count);
// `count` digits that are always the same for the same text.
[[nodiscard]] std::string digits_from(const std::string& text, std::size_t count);

} // namespace twcard::simulator
