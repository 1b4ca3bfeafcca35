#include "simulator/crypto/crypto.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/digest.hpp"
#include "driver/crypto/x509.hpp"

#include <array>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

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

RsaKey RsaKey::from_primes(const std::string& p_text, const std::string& q_text) {
  using Number = Owned<BIGNUM, BN_free>;
  const Owned<BN_CTX, BN_CTX_free> scratch(BN_CTX_new());
  const auto number = [](const std::string& hex) {
    BIGNUM* value = nullptr;
    check(BN_hex2bn(&value, hex.c_str()) == static_cast<int>(hex.size()), "reading a prime");
    return Number(value);
  };
  const auto p = number(p_text);
  const auto q = number(q_text);
  const auto e = number("10001");
  const Number n(BN_new());
  const Number p_less_one(BN_dup(p.get()));
  const Number q_less_one(BN_dup(q.get()));
  const Number order(BN_new());
  const Number d(BN_new());
  const Number d_of_p(BN_new());
  const Number d_of_q(BN_new());
  const Number coefficient(BN_new());
  check(BN_mul(n.get(), p.get(), q.get(), scratch.get()) == 1 && BN_sub_word(p_less_one.get(), 1) == 1 &&
            BN_sub_word(q_less_one.get(), 1) == 1 &&
            BN_mul(order.get(), p_less_one.get(), q_less_one.get(), scratch.get()) == 1 &&
            BN_mod_inverse(d.get(), e.get(), order.get(), scratch.get()) != nullptr &&
            BN_mod(d_of_p.get(), d.get(), p_less_one.get(), scratch.get()) == 1 &&
            BN_mod(d_of_q.get(), d.get(), q_less_one.get(), scratch.get()) == 1 &&
            BN_mod_inverse(coefficient.get(), q.get(), p.get(), scratch.get()) != nullptr,
        "computing an RSA key");

  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  const std::array<std::pair<const char*, const Number*>, 8> values{{{OSSL_PKEY_PARAM_RSA_N, &n},
                                                                     {OSSL_PKEY_PARAM_RSA_E, &e},
                                                                     {OSSL_PKEY_PARAM_RSA_D, &d},
                                                                     {OSSL_PKEY_PARAM_RSA_FACTOR1, &p},
                                                                     {OSSL_PKEY_PARAM_RSA_FACTOR2, &q},
                                                                     {OSSL_PKEY_PARAM_RSA_EXPONENT1, &d_of_p},
                                                                     {OSSL_PKEY_PARAM_RSA_EXPONENT2, &d_of_q},
                                                                     {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, &coefficient}}};
  for (const auto& [name, value] : values)
    check(OSSL_PARAM_BLD_push_BN(builder.get(), name, value->get()) == 1, "filling an RSA key");
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  check(EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1,
        "making an RSA key of its numbers");
  return RsaKey(std::shared_ptr<EVP_PKEY>(key, &EVP_PKEY_free));
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
  return crypto::text_in(bio.get());
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

std::string random_digits(std::size_t count) {
  std::string digits;
  for (const auto octet : random_octets(count)) digits += static_cast<char>('0' + octet % 10);
  return digits;
}

std::string digits_from(const std::string& text, std::size_t count) {
  const auto hash = crypto::sha256(as_bytes(text));
  std::string digits;
  for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + hash[i % hash.size()] % 10);
  return digits;
}

} // namespace twcard::simulator
