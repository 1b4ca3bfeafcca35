#include "daemon/card/keys/public_key.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace twcard::service {

using KeyContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

PublicKey::PublicKey(ByteView certificate) {
  const auto* at = certificate.data();
  m_certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())), &X509_free);
  const bool usable = m_certificate && X509_get0_pubkey(m_certificate.get()) != nullptr;
  ERR_clear_error();
  if (!usable) throw Error(Errc::BadCardData, "certificate: no public key that can be used");
}

SecureBytes PublicKey::apply(ByteView block) const {
  auto* key = X509_get0_pubkey(m_certificate.get());
  const KeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  SecureBytes result(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  auto size = result.size();
  const bool done = block.size() == result.size() && context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
                    EVP_PKEY_encrypt(context.get(), result.data(), &size, block.data(), block.size()) == 1;
  ERR_clear_error();
  if (!done) throw Error(Errc::BadRequest, "blob: not a block for this key");
  return result;
}

} // namespace twcard::service
