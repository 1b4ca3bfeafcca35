// The public key of a certificate, decoded once: decoding takes longer than using it.
#pragma once

#include "driver/base/secure_bytes.hpp"

#include <memory>
#include <openssl/types.h>

namespace twcard::service {

class PublicKey final {
public:
  // A certificate in DER. Throws Error(BadCardData) for anything else.
  explicit PublicKey(ByteView certificate);

  // The RSA public operation on a block as long as the modulus. Throws Error(BadRequest) for a block of another length
  // or a number that is not below the modulus.
  [[nodiscard]] SecureBytes apply(ByteView block) const;

private:
  std::shared_ptr<X509> m_certificate;
};

} // namespace twcard::service
