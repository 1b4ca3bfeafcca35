#include "simulator/crypto/crypto.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

namespace twcard::simulator {

namespace {

void check(bool worked, const char* what) {
  if (worked) return;
  ERR_clear_error();
  throw Error(Errc::Internal, what);
}

struct BigNumber {
  BIGNUM* value = nullptr;
  BigNumber(const EVP_PKEY* key, const char* name) {
    check(EVP_PKEY_get_bn_param(key, name, &value) == 1, "reading an RSA parameter");
  }
  ~BigNumber() { BN_free(value); }
  BigNumber(const BigNumber&) = delete;
  BigNumber& operator=(const BigNumber&) = delete;
};

// A block cipher in CBC mode on whole blocks, without padding.
Bytes cbc(const EVP_CIPHER* cipher, ByteView key, ByteView iv, ByteView in, bool encrypt) {
  const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(cipher));
  check(key.size() == static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)) && iv.size() == block &&
            in.size() % block == 0,
        "cipher argument of a wrong size");
  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  Bytes out(in.size() + block);
  int written = 0;
  check(EVP_CipherInit_ex2(context.get(), cipher, key.data(), iv.data(), encrypt ? 1 : 0, nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
            EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(in.size())) == 1,
        "block cipher");
  out.resize(static_cast<std::size_t>(written));
  return out;
}

} // namespace

RsaKey RsaKey::generate(unsigned bits) {
  std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(bits), &EVP_PKEY_free);
  check(key != nullptr, "generating an RSA key");
  return RsaKey(std::move(key));
}

RsaKey RsaKey::from_pem(const std::string& pem) {
  const Owned<BIO, BIO_free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  ERR_clear_error();
  const auto bits = key == nullptr ? 0 : EVP_PKEY_get_bits(key.get());
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "RSA") != 1 || (bits != 2048 && bits != 4096))
    throw Error(Errc::BadRequest, "not an RSA key of 2048 or 4096 bits in PEM");
  return RsaKey(std::move(key));
}

std::string RsaKey::to_pem() const {
  const Owned<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PrivateKey(bio.get(), m_key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "writing a key");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

unsigned RsaKey::bits() const {
  return static_cast<unsigned>(EVP_PKEY_get_bits(m_key.get()));
}

Bytes RsaKey::modulus() const {
  const BigNumber n(m_key.get(), OSSL_PKEY_PARAM_RSA_N);
  Bytes octets(bits() / 8);
  check(BN_bn2binpad(n.value, octets.data(), static_cast<int>(octets.size())) > 0, "writing the modulus");
  return octets;
}

std::uint32_t RsaKey::exponent() const {
  const BigNumber e(m_key.get(), OSSL_PKEY_PARAM_RSA_E);
  return static_cast<std::uint32_t>(BN_get_word(e.value));
}

std::optional<Bytes> RsaKey::raw_private(ByteView block) const {
  if (block.size() != bits() / 8) return std::nullopt;
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new(m_key.get(), nullptr));
  check(EVP_PKEY_decrypt_init(context.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1,
        "preparing RSA");
  Bytes result(block.size());
  auto size = result.size();
  if (EVP_PKEY_decrypt(context.get(), result.data(), &size, block.data(), block.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return result;
}

Bytes des3_cbc_encrypt(ByteView key, ByteView iv, ByteView plain) {
  return cbc(EVP_des_ede_cbc(), key, iv, plain, true);
}
Bytes des3_cbc_decrypt(ByteView key, ByteView iv, ByteView cipher) {
  return cbc(EVP_des_ede_cbc(), key, iv, cipher, false);
}

Bytes aes_cbc_encrypt(ByteView key, ByteView iv, ByteView plain) {
  return cbc(EVP_aes_128_cbc(), key, iv, plain, true);
}
Bytes aes_cbc_decrypt(ByteView key, ByteView iv, ByteView cipher) {
  return cbc(EVP_aes_128_cbc(), key, iv, cipher, false);
}

Bytes aes_cmac(ByteView key, ByteView message) {
  Bytes mac(16);
  std::size_t size = 0;
  check(key.size() == mac.size() && EVP_Q_mac(nullptr, "CMAC", nullptr, "AES-128-CBC", nullptr, key.data(), key.size(),
                                              message.data(), message.size(), mac.data(), mac.size(), &size) != nullptr,
        "AES-CMAC");
  return mac;
}

Bytes random_octets(std::size_t count) {
  Bytes octets(count);
  check(RAND_bytes(octets.data(), static_cast<int>(count)) == 1, "random octets");
  return octets;
}

std::string random_digits(std::size_t count) {
  std::string digits;
  for (const auto octet : random_octets(count)) digits += static_cast<char>('0' + octet % 10);
  return digits;
}

std::string digits_from(const std::string& text, std::size_t count) {
  Bytes hash(SHA256_DIGEST_LENGTH);
  SHA256(as_bytes(text).data(), text.size(), hash.data());
  std::string digits;
  for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + hash[i % hash.size()] % 10);
  return digits;
}

} // namespace twcard::simulator
