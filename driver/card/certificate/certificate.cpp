#include "driver/card/certificate/certificate.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/x509.hpp"

#include <algorithm>
#include <array>
#include <openssl/core_names.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

namespace twcard::card {

namespace {

[[noreturn]] void bad(const char* field) {
  throw Error(Errc::BadCardData, std::string("certificate: ") + field);
}

crypto::Certificate decode(ByteView der) {
  if (der.size() > max_certificate_octets) bad("longer than 8 KiB");
  auto certificate = crypto::parse_x509(der);
  if (!certificate) bad("malformed");
  return certificate;
}

// The value, or a complaint about the field.
std::string present(std::optional<std::string> text, const char* complaint) {
  if (!text) bad(complaint);
  return std::move(*text);
}

std::string common_name_of(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string common_name(text, text + size);
  OPENSSL_free(text);
  return common_name;
}

std::string serial_of(X509* certificate) {
  const crypto::Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) bad("invalid serial number");
  const auto octets = BN_is_zero(number.get()) ? Bytes{0x00} : crypto::octets_of(number.get());
  return (BN_is_negative(number.get()) ? "-" : "") + to_hex(octets);
}

Bytes modulus_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") != 1) return {};
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) != 1) bad("invalid public key");
  const crypto::Number owned(number);
  return crypto::octets_of(number);
}

std::vector<std::string> usage_of(X509* certificate) {
  struct Usage {
    std::uint32_t bit;
    const char* name;
  };
  static constexpr std::array<Usage, 9> usages{{{KU_DIGITAL_SIGNATURE, "digitalSignature"},
                                                {KU_NON_REPUDIATION, "nonRepudiation"},
                                                {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
                                                {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
                                                {KU_KEY_AGREEMENT, "keyAgreement"},
                                                {KU_KEY_CERT_SIGN, "keyCertSign"},
                                                {KU_CRL_SIGN, "cRLSign"},
                                                {KU_ENCIPHER_ONLY, "encipherOnly"},
                                                {KU_DECIPHER_ONLY, "decipherOnly"}}};
  std::vector<std::string> names;
  const auto bits = X509_get_key_usage(certificate);
  if (bits == UINT32_MAX) return names; // no such extension
  for (const auto& usage : usages)
    if ((bits & usage.bit) != 0) names.emplace_back(usage.name);
  return names;
}

// The value of the subject directory attributes; empty without them.
ByteView attributes_of(const X509* certificate) {
  const int index = X509_get_ext_by_NID(certificate, NID_subject_directory_attributes, -1);
  if (index < 0) return {};
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
  return {ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

Bytes public_key_of(const X509* certificate) {
  const auto* key = X509_get0_pubkey_bitstr(certificate);
  return {ASN1_STRING_get0_data(key), ASN1_STRING_get0_data(key) + ASN1_STRING_length(key)};
}

Bytes issuer_and_serial_of(X509* certificate) {
  PKCS7_ISSUER_AND_SERIAL both{X509_get_issuer_name(certificate), X509_get_serialNumber(certificate)};
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_PKCS7_ISSUER_AND_SERIAL(&both, nullptr))));
  auto* end = der.data();
  if (i2d_PKCS7_ISSUER_AND_SERIAL(&both, &end) <= 0) bad("a name that cannot be encoded");
  return der;
}

} // namespace

bool CertificateInfo::has_usage(std::string_view name) const {
  return std::find(usage.begin(), usage.end(), name) != usage.end();
}

CertificateInfo parse_certificate(ByteView der) {
  const crypto::ErrorQueueCleaner cleaner;
  const auto certificate = decode(der);
  auto* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) bad("invalid public key");
  const auto flags = X509_get_extension_flags(certificate.get());
  if ((flags & EXFLAG_INVALID) != 0) bad("malformed extension");

  CertificateInfo info;
  // A name that cannot be read takes no key away.
  info.subject = crypto::text_of(X509_get_subject_name(certificate.get())).value_or("");
  info.common_name = common_name_of(X509_get_subject_name(certificate.get()));
  info.issuer = crypto::text_of(X509_get_issuer_name(certificate.get())).value_or("");
  info.serial_number = serial_of(certificate.get());
  info.not_before = present(crypto::text_of(X509_get0_notBefore(certificate.get())), "invalid date");
  info.not_after = present(crypto::text_of(X509_get0_notAfter(certificate.get())), "invalid date");
  info.usage = usage_of(certificate.get());
  info.authority = (flags & EXFLAG_CA) != 0;
  info.self_issued = (flags & EXFLAG_SI) != 0;
  info.holder = holder_type(attributes_of(certificate.get()));
  info.last_four = last_four(attributes_of(certificate.get()));
  info.key_bits = EVP_PKEY_get_bits(key);
  info.modulus = modulus_of(key);
  info.ordered_subject =
      present(crypto::text_of(X509_get_subject_name(certificate.get()), crypto::NameOrder::Encoded), "invalid name");
  info.ordered_issuer =
      present(crypto::text_of(X509_get_issuer_name(certificate.get()), crypto::NameOrder::Encoded), "invalid name");
  info.public_key = public_key_of(certificate.get());
  info.issuer_and_serial = issuer_and_serial_of(certificate.get());
  return info;
}

bool verifies(ByteView certificate, HashFunction function, ByteView hash, ByteView signature) {
  const crypto::ErrorQueueCleaner cleaner;
  const auto decoded = decode(certificate);
  auto* key = X509_get0_pubkey(decoded.get());
  if (key == nullptr) bad("invalid public key");
  return crypto::verifies(key, function, hash, signature);
}

} // namespace twcard::card
