#include "tests/stress/public_key.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdexcept>

namespace twcard::stress {

PublicKey::PublicKey(ByteView certificate) {
  const auto* data = certificate.data();
  const std::unique_ptr<X509, decltype(&::X509_free)> parsed(
      ::d2i_X509(nullptr, &data, static_cast<long>(certificate.size())), &::X509_free);
  if (parsed) m_key.reset(::X509_get_pubkey(parsed.get()), &::EVP_PKEY_free);
  if (!m_key) throw std::runtime_error("the card's certificate has no key");
}

bool PublicKey::verifies(ByteView data, ByteView signature) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free);
  return ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, m_key.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
}

Bytes PublicKey::encrypt(ByteView data) const {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&::EVP_PKEY_CTX_free)> context(::EVP_PKEY_CTX_new(m_key.get(), nullptr),
                                                                              &::EVP_PKEY_CTX_free);
  Bytes encrypted(512);
  std::size_t size = encrypted.size();
  if (::EVP_PKEY_encrypt_init(context.get()) != 1 ||
      ::EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, data.data(), data.size()) != 1)
    throw std::runtime_error("OpenSSL does not encrypt");
  encrypted.resize(size);
  return encrypted;
}

} // namespace twcard::stress
