#include "tests/pkcs11/operations/software_card.hpp"

#include "tests/support/test_key.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace twcard::tests {

namespace {

void require(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL");
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate make_certificate(const Key& key, const std::string& name) {
  Certificate certificate(X509_new(), &X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20240203000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "20340506000000Z");
  X509_set_pubkey(certificate.get(), key.get());
  auto* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return certificate;
}

template <typename Object, typename Encode>
Bytes der_of(Object* object, Encode encode) {
  unsigned char* octets = nullptr;
  const int size = encode(object, &octets);
  require(size > 0);
  Bytes der(octets, octets + size);
  OPENSSL_free(octets);
  return der;
}

Bytes number_of(const Key& key, const char* name) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1);
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  BN_free(number);
  return octets;
}

SecureBytes raw(const Key& key, ByteView block, int (*init)(EVP_PKEY_CTX*),
                int (*apply)(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t)) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key.get(), nullptr),
                                                                            &EVP_PKEY_CTX_free);
  require(init(context.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
  SecureBytes result(256);
  std::size_t size = result.size();
  require(apply(context.get(), result.data(), &size, block.data(), block.size()) == 1 && size == 256);
  return result;
}

} // namespace

boost::json::object SoftwareCard::certificate_form(const std::string& id, const std::string& label, const Key& key,
                                                   bool authority) {
  const auto certificate = make_certificate(key, "Test " + id);
  const auto der = der_of(certificate.get(), i2d_X509);
  m_certificates[id] = der;
  const auto* bits = X509_get0_pubkey_bitstr(certificate.get());
  Bytes hash(SHA_DIGEST_LENGTH);
  SHA1(bits->data, static_cast<std::size_t>(bits->length), hash.data());
  return {{"id", id},
          {"label", label},
          {"identifier", to_base64(as_bytes(id))},
          {"der", to_base64(der)},
          {"subject", to_base64(der_of(X509_get_subject_name(certificate.get()), i2d_X509_NAME))},
          {"issuer", to_base64(der_of(X509_get_issuer_name(certificate.get()), i2d_X509_NAME))},
          {"serial_number", to_base64(der_of(X509_get_serialNumber(certificate.get()), i2d_ASN1_INTEGER))},
          {"not_before", "20240203"},
          {"not_after", "20340506"},
          {"public_key_info", to_base64(der_of(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY))},
          {"key_hash", to_base64(hash)},
          {"issuer_key_hash", to_base64(hash)},
          {"modulus", to_base64(number_of(key, OSSL_PKEY_PARAM_RSA_N))},
          {"public_exponent", to_base64(number_of(key, OSSL_PKEY_PARAM_RSA_E))},
          {"authority", authority},
          {"has_key", !authority},
          {"signs", id == "SIGN"},
          {"decrypts", id == "KEYX"}};
}

SoftwareCard::SoftwareCard() : m_keys{{"SIGN", testing::test_key()}, {"KEYX", testing::test_key()}} {
  m_entry = {{"label", "HiCOS PKI Smart Card"},
             {"manufacturer", "Chunghwa TeleCom Co., Ltd."},
             {"model", "HiCOS 1"},
             {"serial_number", "0000000000004711"},
             {"min_pin", 6},
             {"max_pin", 8}};
  // In the order of real cards.
  m_entry["certificates"] = boost::json::array{certificate_form("CACert", "CACert", testing::test_key(), true),
                                               certificate_form("KEYX", "cert2", m_keys["KEYX"], false),
                                               certificate_form("SIGN", "cert1", m_keys["SIGN"], false)};
}

SecureBytes SoftwareCard::private_operation(const std::string& id, ByteView block) const {
  return raw(m_keys.at(id), block, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt);
}

SecureBytes SoftwareCard::public_operation(const std::string& id, ByteView block) const {
  return raw(m_keys.at(id), block, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt);
}

} // namespace twcard::tests
