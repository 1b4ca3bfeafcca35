// A CMS SignedData (RFC 5652 section 5) whose signature somebody else makes: the hash of its signed attributes first,
// then the whole. It holds the content and the signer's certificate; version 1, so that PKCS #7 readers take it, too.
#pragma once

#include "driver/base/bytes.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace twcard::web::hipki {

// `hash_function`: SHA-1, SHA-256, SHA-384 or SHA-512. Throws Error(Internal) when OpenSSL fails.
[[nodiscard]] Bytes hash_of(ByteView octets, const std::string& hash_function);

// Beside contentType and messageDigest, which are always there.
struct SignedAttributes {
  std::optional<std::time_t> signing_time; // RFC 5652 section 11.3
  Bytes nonce;                             // randomNonce of RFC 2985 section 5.4.2; empty: none
  std::string card_number;                 // serialNumber of X.520; empty: none
};

class SignedData final {
public:
  // Throws Error(Internal) when OpenSSL fails.
  SignedData(ByteView content, const std::string& hash_function, const SignedAttributes& attributes);
  ~SignedData();

  // Of the signed attributes in DER: what is to be signed by RSASSA-PKCS1-v1_5.
  [[nodiscard]] const Bytes& hash() const noexcept;
  // The ContentInfo in DER. Throws Error(Internal) for what is no certificate with an RSA key.
  [[nodiscard]] Bytes assemble(ByteView certificate, ByteView signature) &&;

private:
  struct State;
  std::unique_ptr<State> m_state;
};

} // namespace twcard::web::hipki
