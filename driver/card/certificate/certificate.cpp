#include "driver/card/certificate/certificate.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace twcard::card {

namespace {

using X509Ptr = Owned<X509, X509_free>;
using BioPtr = Owned<BIO, BIO_free_all>;
using BignumPtr = Owned<BIGNUM, BN_free>;
using KeyContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

// What OpenSSL had to say about bad input stays on the thread's error queue otherwise.
struct ErrorQueueCleaner {
  ErrorQueueCleaner() = default;
  ~ErrorQueueCleaner() { ERR_clear_error(); }
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
};

[[noreturn]] void bad(const char* field) {
  throw Error(Errc::BadCardData, std::string("certificate: ") + field);
}

X509Ptr decode(ByteView der) {
  if (der.size() > max_certificate_octets) bad("longer than 8 KiB");
  const auto* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr) bad("not well-formed");
  if (at != der.data() + der.size()) bad("octets after its end");
  return certificate;
}

std::string text_of(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  // RFC 2253, but non-ASCII characters stay UTF-8.
  constexpr unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (out == nullptr || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) bad("invalid name");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
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

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) bad("invalid date");
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Bytes octets_of(const BIGNUM* number) {
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return octets;
}

std::string serial_of(X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) bad("invalid serial number");
  return to_hex(octets_of(number.get()));
}

Bytes modulus_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") != 1) return {};
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) != 1) bad("invalid public key");
  const BignumPtr owned(number);
  return octets_of(number);
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

HolderType holder_of(const X509* certificate) {
  const int index = X509_get_ext_by_NID(certificate, NID_subject_directory_attributes, -1);
  if (index < 0) return HolderType::Unknown;
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
  return holder_type({ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))});
}

const EVP_MD* digest_of(HashFunction function) {
  switch (function) {
  case HashFunction::Sha1: return EVP_sha1();
  case HashFunction::Sha224: return EVP_sha224();
  case HashFunction::Sha256: return EVP_sha256();
  case HashFunction::Sha384: return EVP_sha384();
  case HashFunction::Sha512: return EVP_sha512();
  }
  return nullptr;
}

} // namespace

bool CertificateInfo::has_usage(std::string_view name) const {
  return std::find(usage.begin(), usage.end(), name) != usage.end();
}

CertificateInfo parse_certificate(ByteView der) {
  const ErrorQueueCleaner cleaner;
  const auto certificate = decode(der);
  auto* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) bad("invalid public key");
  const auto flags = X509_get_extension_flags(certificate.get());
  if ((flags & EXFLAG_INVALID) != 0) bad("malformed extension");

  CertificateInfo info;
  info.subject = text_of(X509_get_subject_name(certificate.get()));
  info.common_name = common_name_of(X509_get_subject_name(certificate.get()));
  info.issuer = text_of(X509_get_issuer_name(certificate.get()));
  info.serial_number = serial_of(certificate.get());
  info.not_before = text_of(X509_get0_notBefore(certificate.get()));
  info.not_after = text_of(X509_get0_notAfter(certificate.get()));
  info.usage = usage_of(certificate.get());
  info.authority = (flags & EXFLAG_CA) != 0;
  info.self_issued = (flags & EXFLAG_SI) != 0;
  info.holder = holder_of(certificate.get());
  info.key_bits = EVP_PKEY_get_bits(key);
  info.modulus = modulus_of(key);
  return info;
}

bool verifies(ByteView certificate, HashFunction function, ByteView hash, ByteView signature) {
  const ErrorQueueCleaner cleaner;
  const auto decoded = decode(certificate);
  auto* key = X509_get0_pubkey(decoded.get());
  if (key == nullptr) bad("invalid public key");
  if (EVP_PKEY_is_a(key, "RSA") != 1) return false;
  const KeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  return context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), digest_of(function)) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size()) == 1;
}

} // namespace twcard::card
