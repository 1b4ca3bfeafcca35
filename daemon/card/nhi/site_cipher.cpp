#include "daemon/card/nhi/site_cipher.hpp"

#include "driver/base/error.hpp"
#include "driver/base/secure_bytes.hpp"
#include "driver/crypto/x509.hpp"

#include <algorithm>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace twcard::service {

namespace {

constexpr int rsa_bits = 1024;

void require(bool worked, const char* what) {
  if (worked) return;
  ERR_clear_error();
  throw Error(Errc::Internal, std::string("OpenSSL: ") + what);
}

Bytes blocks(ByteView key, ByteView in, bool encrypt) {
  require(key.size() == site_key_octets && in.size() % site_block_octets == 0, "an argument of triple DES");
  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  Bytes out(in.size() + site_block_octets);
  int written = 0;
  require(EVP_CipherInit_ex2(context.get(), EVP_des_ede3_ecb(), key.data(), nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
              EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
              EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(in.size())) == 1,
          "triple DES");
  out.resize(in.size());
  return out;
}

using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

KeyContext context_of(EVP_PKEY* key) {
  return KeyContext(EVP_PKEY_CTX_new(key, nullptr));
}

std::shared_ptr<EVP_PKEY> rsa_1024_of(std::string_view pem) {
  const Owned<BIO, BIO_free> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) != rsa_bits)
    return nullptr;
  return key;
}

} // namespace

Bytes encrypt_blocks(ByteView key, ByteView text) {
  return blocks(key, text, true);
}

Bytes encrypt_padded(ByteView key, ByteView text) {
  const auto missing = site_block_octets - text.size() % site_block_octets;
  ScrubbedBytes padded(text.begin(), text.end());
  padded.resize(text.size() + missing, static_cast<std::uint8_t>(missing));
  return blocks(key, padded, true);
}

std::optional<Bytes> decrypt_padded(ByteView key, ByteView cipher) {
  if (cipher.empty() || cipher.size() % site_block_octets != 0) return std::nullopt;
  auto text = blocks(key, cipher, false);
  const auto padding = text.back();
  if (padding == 0 || padding > site_block_octets ||
      !std::all_of(text.end() - padding, text.end(), [padding](std::uint8_t octet) { return octet == padding; }))
    return std::nullopt;
  text.resize(text.size() - padding);
  return text;
}

SiteKeyPair::SiteKeyPair() : m_key(EVP_RSA_gen(rsa_bits), &EVP_PKEY_free) {
  require(m_key != nullptr, "generating an RSA key");
}

std::string SiteKeyPair::public_pem() const {
  const Owned<BIO, BIO_free> memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PUBKEY(memory.get(), m_key.get()) == 1, "writing a public key");
  return crypto::text_in(memory.get());
}

std::optional<Bytes> SiteKeyPair::decrypt(ByteView cipher) const {
  const auto context = context_of(m_key.get());
  Bytes text(site_rsa_octets);
  auto size = text.size();
  const bool worked = EVP_PKEY_decrypt_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                      EVP_PKEY_decrypt(context.get(), text.data(), &size, cipher.data(), cipher.size()) == 1;
  ERR_clear_error();
  if (!worked) return std::nullopt;
  text.resize(size);
  return text;
}

std::optional<Bytes> encrypt_to(std::string_view public_pem, ByteView text) {
  const auto key = rsa_1024_of(public_pem);
  if (key == nullptr) return std::nullopt;
  const auto context = context_of(key.get());
  Bytes cipher(site_rsa_octets);
  auto size = cipher.size();
  require(EVP_PKEY_encrypt_init(context.get()) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
              EVP_PKEY_encrypt(context.get(), cipher.data(), &size, text.data(), text.size()) == 1,
          "RSA encryption");
  cipher.resize(size);
  return cipher;
}

} // namespace twcard::service
