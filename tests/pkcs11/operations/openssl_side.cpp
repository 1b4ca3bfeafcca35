#include "tests/pkcs11/operations/openssl_side.hpp"

#include <openssl/rsa.h>
#include <stdexcept>

namespace twcard::tests {

namespace {

using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

Context context_of(const Key& key, const RsaScheme& scheme, int (*init)(EVP_PKEY_CTX*)) {
  Context context(EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free);
  auto* raw = context.get();
  bool good = init(raw) == 1 && EVP_PKEY_CTX_set_rsa_padding(raw, scheme.padding) == 1;
  if (scheme.padding == RSA_PKCS1_OAEP_PADDING) {
    good = good && EVP_PKEY_CTX_set_rsa_oaep_md(raw, EVP_get_digestbyname(scheme.hash)) == 1;
    if (!scheme.label.empty()) {
      auto* label = static_cast<unsigned char*>(OPENSSL_memdup(scheme.label.data(), scheme.label.size()));
      good = good && EVP_PKEY_CTX_set0_rsa_oaep_label(raw, label, static_cast<int>(scheme.label.size())) == 1;
    }
  } else if (scheme.hash != nullptr) {
    good = good && EVP_PKEY_CTX_set_signature_md(raw, EVP_get_digestbyname(scheme.hash)) == 1;
  }
  if (scheme.padding == RSA_PKCS1_PSS_PADDING)
    good = good && EVP_PKEY_CTX_set_rsa_pss_saltlen(raw, scheme.salt_size) == 1;
  if (scheme.mgf_hash != nullptr)
    good = good && EVP_PKEY_CTX_set_rsa_mgf1_md(raw, EVP_get_digestbyname(scheme.mgf_hash)) == 1;
  if (!good) throw std::runtime_error("OpenSSL refuses the scheme");
  return context;
}

} // namespace

Bytes openssl_digest(const char* hash, ByteView data) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_get_digestbyname(hash), nullptr) != 1)
    throw std::runtime_error("OpenSSL digest");
  digest.resize(size);
  return digest;
}

bool openssl_verifies(const Key& key, const RsaScheme& scheme, ByteView digest, ByteView signature) {
  const auto context = context_of(key, scheme, EVP_PKEY_verify_init);
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) == 1;
}

Bytes openssl_signature(const Key& key, const RsaScheme& scheme, ByteView digest) {
  const auto context = context_of(key, scheme, EVP_PKEY_sign_init);
  Bytes signature(256);
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
    throw std::runtime_error("OpenSSL signature");
  return signature;
}

Bytes openssl_encrypts(const Key& key, const RsaScheme& scheme, ByteView data) {
  const auto context = context_of(key, scheme, EVP_PKEY_encrypt_init);
  Bytes encrypted(256);
  std::size_t size = encrypted.size();
  if (EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, data.data(), data.size()) != 1)
    throw std::runtime_error("OpenSSL encryption");
  return encrypted;
}

std::optional<Bytes> openssl_decrypts(const Key& key, const RsaScheme& scheme, ByteView encrypted) {
  const auto context = context_of(key, scheme, EVP_PKEY_decrypt_init);
  Bytes data(256);
  std::size_t size = data.size();
  if (EVP_PKEY_decrypt(context.get(), data.data(), &size, encrypted.data(), encrypted.size()) != 1) return std::nullopt;
  data.resize(size);
  return data;
}

} // namespace twcard::tests
