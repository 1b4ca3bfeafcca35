// A SignedData message (CMS, RFC 5652 section 5) with its content inside, for pages that ask for PKCS#7: one signer,
// whose certificate is in it, and signed attributes. twcardd signs the hash of the attributes in between. Written here
// in DER; nothing of the certificate is read. Not thread-safe; does not block.
#pragma once

#include "driver/crypto/digest.hpp"

#include <ctime>
#include <optional>
#include <string>

namespace twcard::web::hipki {

// Beside contentType and messageDigest, which are always there.
struct SignedAttributes {
  std::optional<std::time_t> signing_time; // RFC 5652 section 11.3
  Bytes nonce;                             // randomNonce of RFC 2985 section 5.4.2; empty: none
  std::string card_number;                 // serialNumber of X.520; empty: none
};

class SignedData final {
public:
  SignedData(Bytes content, crypto::HashFunction function, const SignedAttributes& attributes);

  // Of the signed attributes in DER: what is to be signed by RSASSA-PKCS1-v1_5.
  [[nodiscard]] const Bytes& hash() const noexcept { return m_hash; }
  // The ContentInfo in DER. `certificate` and its IssuerAndSerialNumber are DER, as twcardd gives them.
  [[nodiscard]] Bytes assemble(ByteView certificate, ByteView issuer_and_serial, ByteView signature) const;

private:
  Bytes m_content;
  Bytes m_algorithm;  // AlgorithmIdentifier of the hash function
  Bytes m_attributes; // one after the other
  Bytes m_hash;
};

} // namespace twcard::web::hipki
