#include "simulator/crypto.hpp"

#include "driver/base/error.hpp"

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

constexpr int key_bits = 2048;
constexpr std::size_t block_octets = 256;

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

Bytes des3_cbc(ByteView key, ByteView iv, ByteView in, bool encrypt) {
  check(key.size() == 16 && iv.size() == 8 && in.size() % 8 == 0, "3DES argument of a wrong size");
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  Bytes out(in.size() + 8);
  int written = 0;
  check(EVP_CipherInit_ex2(context.get(), EVP_des_ede_cbc(), key.data(), iv.data(), encrypt ? 1 : 0, nullptr) == 1 &&
            EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
            EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(in.size())) == 1,
        "3DES");
  out.resize(static_cast<std::size_t>(written));
  return out;
}

} // namespace

RsaKey RsaKey::generate() {
  std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(key_bits), &EVP_PKEY_free);
  check(key != nullptr, "generating an RSA key");
  return RsaKey(std::move(key));
}

RsaKey RsaKey::from_pem(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      &BIO_free);
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) != key_bits)
    throw Error(Errc::BadRequest, "not an RSA key of 2048 bits in PEM");
  return RsaKey(std::move(key));
}

std::string RsaKey::to_pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  check(PEM_write_bio_PrivateKey(bio.get(), m_key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "writing a key");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Bytes RsaKey::modulus() const {
  const BigNumber n(m_key.get(), OSSL_PKEY_PARAM_RSA_N);
  Bytes octets(block_octets);
  check(BN_bn2binpad(n.value, octets.data(), static_cast<int>(octets.size())) > 0, "writing the modulus");
  return octets;
}

std::uint32_t RsaKey::exponent() const {
  const BigNumber e(m_key.get(), OSSL_PKEY_PARAM_RSA_E);
  return static_cast<std::uint32_t>(BN_get_word(e.value));
}

std::optional<Bytes> RsaKey::raw_private(ByteView block) const {
  if (block.size() != block_octets) return std::nullopt;
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(m_key.get(), nullptr),
                                                                            &EVP_PKEY_CTX_free);
  check(EVP_PKEY_decrypt_init(context.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1,
        "preparing RSA");
  Bytes result(block_octets);
  auto size = result.size();
  if (EVP_PKEY_decrypt(context.get(), result.data(), &size, block.data(), block.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return result;
}

Bytes des3_cbc_encrypt(ByteView key, ByteView iv, ByteView plain) {
  return des3_cbc(key, iv, plain, true);
}
Bytes des3_cbc_decrypt(ByteView key, ByteView iv, ByteView cipher) {
  return des3_cbc(key, iv, cipher, false);
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
