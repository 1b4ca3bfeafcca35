#include "simulator/crypto/site_ciphers.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/x509.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace twcard::simulator {

namespace {

constexpr int key_bits = 1024;
constexpr std::size_t key_octets = 128;
constexpr std::size_t own_choice_octets = 8;
constexpr std::size_t proof_octets = 24;
constexpr std::size_t module_data_octets = own_choice_octets + proof_octets;
constexpr std::size_t card_answer_octets = 16;
constexpr std::string_view module_key = "twcard-sim security module";

void check(bool worked, const char* what) {
  if (worked) return;
  ERR_clear_error();
  throw Error(Errc::Internal, what);
}

Bytes des3_ecb(ByteView key, ByteView in, bool encrypt) {
  check(key.size() == 24 && in.size() % 8 == 0, "3DES argument of a wrong size");
  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  Bytes out(in.size() + 8);
  int written = 0;
  check(EVP_CipherInit_ex2(context.get(), EVP_des_ede3_ecb(), key.data(), nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
            EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(in.size())) == 1,
        "3DES");
  out.resize(in.size());
  return out;
}

// HMAC-SHA-256 with the module's key over labelled parts, cut to `size`.
Bytes keyed_digest(std::string_view label, std::initializer_list<ByteView> parts, std::size_t size) {
  auto text = to_bytes(as_bytes(label));
  for (const auto part : parts) text.insert(text.end(), part.begin(), part.end());
  Bytes digest(32);
  unsigned written = 0;
  check(HMAC(EVP_sha256(), module_key.data(), static_cast<int>(module_key.size()), text.data(), text.size(),
             digest.data(), &written) != nullptr,
        "HMAC");
  digest.resize(size);
  return digest;
}

using Context = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

} // namespace

Bytes des3_ecb_encrypt(ByteView key, ByteView plain) {
  return des3_ecb(key, plain, true);
}

Bytes des3_ecb_decrypt(ByteView key, ByteView cipher) {
  return des3_ecb(key, cipher, false);
}

Bytes module_data(ByteView own_choice, ByteView card_number, ByteView challenge) {
  check(own_choice.size() == own_choice_octets, "module data of a wrong size");
  auto data = to_bytes(own_choice);
  const auto proof = keyed_digest("module", {own_choice, card_number, challenge}, proof_octets);
  data.insert(data.end(), proof.begin(), proof.end());
  return data;
}

bool is_module_data(ByteView data, ByteView card_number, ByteView challenge) {
  return data.size() == module_data_octets &&
         to_bytes(data) == module_data(data.first(own_choice_octets), card_number, challenge);
}

Bytes card_answer(ByteView module_data, ByteView card_number) {
  return keyed_digest("card", {module_data, card_number}, card_answer_octets);
}

SiteKey::SiteKey() : m_key(EVP_RSA_gen(key_bits), &EVP_PKEY_free) {
  check(m_key != nullptr, "generating an RSA key");
}

std::string SiteKey::public_pem() const {
  const Owned<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PUBKEY(bio.get(), m_key.get()) == 1, "writing a key");
  return crypto::text_in(bio.get());
}

std::optional<Bytes> SiteKey::decrypt(ByteView cipher) const {
  const Context context(EVP_PKEY_CTX_new(m_key.get(), nullptr));
  Bytes plain(key_octets);
  auto size = plain.size();
  const bool worked = EVP_PKEY_decrypt_init(context.get()) == 1 &&
                      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                      EVP_PKEY_decrypt(context.get(), plain.data(), &size, cipher.data(), cipher.size()) == 1;
  ERR_clear_error();
  if (!worked) return std::nullopt;
  plain.resize(size);
  return plain;
}

Bytes SiteKey::sign(ByteView text) const {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  Bytes signature(key_octets);
  auto size = signature.size();
  check(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) == 1,
        "signing");
  return signature;
}

std::optional<Bytes> encrypt_to(const std::string& public_pem, ByteView text) {
  const Owned<BIO, BIO_free> bio(BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())));
  const Owned<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) != key_bits)
    return std::nullopt;
  const Context context(EVP_PKEY_CTX_new(key.get(), nullptr));
  Bytes cipher(key_octets);
  auto size = cipher.size();
  check(EVP_PKEY_encrypt_init(context.get()) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
            EVP_PKEY_encrypt(context.get(), cipher.data(), &size, text.data(), text.size()) == 1,
        "RSA encryption");
  return cipher;
}

} // namespace twcard::simulator
