// The other side of what the card does, by OpenSSL.
#pragma once

#include "driver/base/bytes.hpp"

#include <memory>
#include <openssl/types.h>

namespace twcard::stress {

class PublicKey final {
public:
  // From a certificate in DER. Throws std::runtime_error.
  explicit PublicKey(ByteView certificate);

  // Of CKM_SHA256_RSA_PKCS.
  [[nodiscard]] bool verifies(ByteView data, ByteView signature) const;
  // For CKM_RSA_PKCS.
  [[nodiscard]] Bytes encrypt(ByteView data) const;

private:
  std::shared_ptr<EVP_PKEY> m_key;
};

} // namespace twcard::stress
