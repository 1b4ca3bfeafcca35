#include "tests/simulator/issuing/x509.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace twcard::simulator::tests {

namespace {

using Certificate = std::shared_ptr<X509>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

Bio over(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

Certificate from_der(const Bytes& der) {
  const auto* at = der.data();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  BOOST_REQUIRE(certificate != nullptr);
  return certificate;
}

Certificate from_pem(const std::string& pem) {
  Certificate certificate(PEM_read_bio_X509(over(pem).get(), nullptr, nullptr, nullptr), &X509_free);
  BOOST_REQUIRE(certificate != nullptr);
  return certificate;
}

std::shared_ptr<X509_CRL> crl_from(const std::string& pem) {
  std::shared_ptr<X509_CRL> list(PEM_read_bio_X509_CRL(over(pem).get(), nullptr, nullptr, nullptr), &X509_CRL_free);
  BOOST_REQUIRE(list != nullptr);
  return list;
}

std::string text_of(const X509_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

} // namespace

Bytes modulus_of(const Bytes& certificate) {
  BIGNUM* modulus = nullptr;
  BOOST_REQUIRE(EVP_PKEY_get_bn_param(X509_get0_pubkey(from_der(certificate).get()), OSSL_PKEY_PARAM_RSA_N, &modulus) ==
                1);
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(modulus)));
  BN_bn2bin(modulus, octets.data());
  BN_free(modulus);
  return octets;
}

Bytes raw_public(const Bytes& certificate, const Bytes& block) {
  const auto parsed = from_der(certificate);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(X509_get0_pubkey(parsed.get()), nullptr), &EVP_PKEY_CTX_free);
  Bytes result(256);
  auto size = result.size();
  BOOST_REQUIRE(EVP_PKEY_encrypt_init(context.get()) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_encrypt(context.get(), result.data(), &size, block.data(), block.size()) == 1);
  return result;
}

std::string verify(const Bytes& certificate, const std::string& root_pem, const std::string& issuer_pem,
                   const std::string& crl_pem) {
  const auto leaf = from_der(certificate);
  const auto root = from_pem(root_pem);
  const auto issuer = from_pem(issuer_pem);
  const auto list = crl_from(crl_pem);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
  X509_STORE_add_cert(store.get(), root.get());
  X509_STORE_add_crl(store.get(), list.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_X509_STRICT);
  STACK_OF(X509)* between = sk_X509_new_null();
  sk_X509_push(between, issuer.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(),
                                                                                &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), between);
  X509_verify_cert(context.get());
  const std::string result = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  sk_X509_free(between);
  return result;
}

std::string subject_of(const Bytes& certificate) {
  return text_of(X509_get_subject_name(from_der(certificate).get()));
}
std::string issuer_of(const Bytes& certificate) {
  return text_of(X509_get_issuer_name(from_der(certificate).get()));
}
std::string root_subject(const std::string& pem) {
  return text_of(X509_get_subject_name(from_pem(pem).get()));
}

std::string extension_of(const Bytes& certificate, const char* oid) {
  const auto parsed = from_der(certificate);
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> object(OBJ_txt2obj(oid, 1), &ASN1_OBJECT_free);
  const auto at = X509_get_ext_by_OBJ(parsed.get(), object.get(), -1);
  if (at < 0) return "";
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(parsed.get(), at));
  return to_hex({ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))});
}

bool listed(const Bytes& certificate, const std::string& crl_pem) {
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_cert(crl_from(crl_pem).get(), &entry, from_der(certificate).get()) == 1;
}

bool signed_by(const std::string& crl_pem, const std::string& issuer_pem) {
  return X509_CRL_verify(crl_from(crl_pem).get(), X509_get0_pubkey(from_pem(issuer_pem).get())) == 1;
}

} // namespace twcard::simulator::tests
