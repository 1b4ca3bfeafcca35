#include "tests/cli/test_certificates.hpp"

#include "tests/support/test_key.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

namespace twcard::cli::testing {

namespace {

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  BOOST_REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

} // namespace

TestIdentity::TestIdentity(const CertificateOptions& options, const TestIdentity* issuer)
    : m_key(twcard::testing::test_key()), m_certificate(X509_new()) {
  static long serial = 0;
  constexpr long day = 24 * 60 * 60;
  BOOST_REQUIRE(m_key != nullptr && m_certificate != nullptr);
  X509_set_version(m_certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(m_certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(m_certificate), -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(m_certificate), (options.days - 1) * day);
  X509_set_pubkey(m_certificate, m_key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(m_certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(options.common_name.c_str()), -1, -1, 0);
  auto* signer = issuer != nullptr ? issuer->m_certificate : m_certificate;
  X509_set_issuer_name(m_certificate, X509_get_subject_name(signer));
  add_extension(m_certificate, signer, NID_basic_constraints, options.authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!options.key_usage.empty()) add_extension(m_certificate, signer, NID_key_usage, options.key_usage.c_str());
  BOOST_REQUIRE(X509_sign(m_certificate, issuer != nullptr ? issuer->m_key.get() : m_key.get(), EVP_sha256()) > 0);
}

TestIdentity::~TestIdentity() {
  X509_free(m_certificate);
}

Bytes TestIdentity::der() const {
  Bytes der(static_cast<std::size_t>(i2d_X509(m_certificate, nullptr)));
  auto* at = der.data();
  i2d_X509(m_certificate, &at);
  return der;
}

std::string TestIdentity::pem() const {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, m_certificate);
  const char* text = nullptr;
  const auto size = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

Bytes TestIdentity::sign_hash(ByteView hash, const std::string& hash_function) const {
  auto* context = EVP_PKEY_CTX_new(m_key.get(), nullptr);
  Bytes signature(256);
  std::size_t size = signature.size();
  BOOST_REQUIRE(EVP_PKEY_sign_init(context) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_signature_md(context, EVP_get_digestbyname(hash_function.c_str())) == 1);
  BOOST_REQUIRE(EVP_PKEY_sign(context, signature.data(), &size, hash.data(), hash.size()) == 1);
  EVP_PKEY_CTX_free(context);
  return signature;
}

std::string TestIdentity::sign_message(const std::string& message, const std::string& hash_function) const {
  auto* context = EVP_MD_CTX_new();
  std::string signature(256, '\0');
  std::size_t size = signature.size();
  BOOST_REQUIRE(
      EVP_DigestSignInit(context, nullptr, EVP_get_digestbyname(hash_function.c_str()), nullptr, m_key.get()) == 1);
  BOOST_REQUIRE(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                               reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
  EVP_MD_CTX_free(context);
  return signature;
}

const TestIdentity& test_root() {
  static const TestIdentity root({"Test Root", "critical,keyCertSign,cRLSign", true});
  return root;
}

const TestIdentity& test_issuer() {
  static const TestIdentity issuer({"Test Issuing CA", "critical,keyCertSign,cRLSign", true}, &test_root());
  return issuer;
}

const TestIdentity& test_signer() {
  static const TestIdentity signer({"測試甲"}, &test_issuer());
  return signer;
}

std::string sha256_hex(const std::string& message) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data());
  return to_hex(digest);
}

} // namespace twcard::cli::testing
