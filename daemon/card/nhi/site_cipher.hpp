// The ciphers of the insurer's protocols: triple DES in ECB mode and RSA-1024, as docs/nhi-authentication.md has them.
// They are weak by today's standards and protect nothing here; they are what the other side speaks.
#pragma once

#include "driver/base/bytes.hpp"

#include <memory>
#include <optional>
#include <string>

struct evp_pkey_st;

namespace twcard::service {

inline constexpr std::size_t site_key_octets = 24;  // three-key triple DES
inline constexpr std::size_t site_block_octets = 8; // of triple DES
inline constexpr std::size_t site_rsa_octets = 128; // RSA-1024

// Without padding: the text is a whole number of blocks. Throws Error(Internal) for other sizes.
[[nodiscard]] Bytes encrypt_blocks(ByteView key, ByteView text);
// With PKCS#7 padding (RFC 5652 section 6.3), of which no copy stays in memory.
[[nodiscard]] Bytes encrypt_padded(ByteView key, ByteView text);
// nullopt when the ciphertext is not a whole number of blocks, or its padding is invalid.
[[nodiscard]] std::optional<Bytes> decrypt_padded(ByteView key, ByteView cipher);

// Our key pair for one signature: making it takes some milliseconds.
class SiteKeyPair final {
public:
  SiteKeyPair();
  // SubjectPublicKeyInfo in PEM with the final newline: 272 octets.
  [[nodiscard]] std::string public_pem() const;
  // RSAES-PKCS1-v1_5; nullopt when the octets are not for this key.
  [[nodiscard]] std::optional<Bytes> decrypt(ByteView cipher) const;

private:
  std::shared_ptr<evp_pkey_st> m_key;
};

// RSAES-PKCS1-v1_5 with the other side's key; nullopt when the PEM is no RSA-1024 public key.
[[nodiscard]] std::optional<Bytes> encrypt_to(std::string_view public_pem, ByteView text);

} // namespace twcard::service
