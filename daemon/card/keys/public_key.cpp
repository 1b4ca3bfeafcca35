#include "daemon/card/keys/public_key.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/x509.hpp"

#include <openssl/rsa.h>

namespace twcard::service {

PublicKey::PublicKey(ByteView certificate) {
  const crypto::ErrorQueueCleaner cleaner;
  m_certificate = crypto::parse_x509(certificate);
  if (!m_certificate || X509_get0_pubkey(m_certificate.get()) == nullptr)
    throw Error(Errc::BadCardData, "certificate: no public key that can be used");
}

SecureBytes PublicKey::apply(ByteView block) const {
  const crypto::ErrorQueueCleaner cleaner;
  auto* key = X509_get0_pubkey(m_certificate.get());
  const crypto::KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  SecureBytes result(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  auto size = result.size();
  const bool done = block.size() == result.size() && context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
                    EVP_PKEY_encrypt(context.get(), result.data(), &size, block.data(), block.size()) == 1;
  if (!done) throw Error(Errc::BadRequest, "blob: not a block for this key");
  return result;
}

} // namespace twcard::service
