#include "portal/verification/certificate.hpp"

#include "driver/crypto/x509.hpp"
#include "portal/verification/refusal.hpp"

#include <new>
#include <openssl/asn1.h>
#include <openssl/x509v3.h>
#include <string_view>

namespace twcard::portal {
namespace {

constexpr std::size_t max_certificate = 16384;
constexpr int min_key_bits = 2048;
constexpr std::string_view id_number_ending_oid = "2.16.886.1.100.2.51";

using AnySequenceHandle =
    std::unique_ptr<ASN1_SEQUENCE_ANY,
                    decltype([](ASN1_SEQUENCE_ANY* sequence) { sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free); })>;
using AttributeHandle = Owned<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;

std::string to_utf8(const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  if (size < 0) return {};
  std::string copy(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return copy;
}

std::string subject_entry(const X509* certificate, int nid) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, nid, -1);
  if (index < 0) return {};
  return to_utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
}

bool is_text(int type) {
  return type == V_ASN1_PRINTABLESTRING || type == V_ASN1_UTF8STRING || type == V_ASN1_IA5STRING ||
         type == V_ASN1_NUMERICSTRING;
}

std::optional<std::string> text_of_attribute(const ASN1_TYPE& encoded) {
  if (encoded.type != V_ASN1_SEQUENCE) return std::nullopt;
  const ASN1_STRING* octets = encoded.value.sequence;
  const unsigned char* at = ASN1_STRING_get0_data(octets);
  const AttributeHandle attribute(d2i_X509_ATTRIBUTE(nullptr, &at, ASN1_STRING_length(octets)));
  if (!attribute) return std::nullopt;

  char oid[64] = {};
  OBJ_obj2txt(oid, sizeof oid, X509_ATTRIBUTE_get0_object(attribute.get()), 1);
  if (oid != id_number_ending_oid || X509_ATTRIBUTE_count(attribute.get()) != 1) return std::nullopt;
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute.get(), 0);
  if (!value || !is_text(value->type)) return std::nullopt;
  return to_utf8(value->value.asn1_string);
}

} // namespace

Certificate::Certificate(X509* certificate) {
  if (X509_up_ref(certificate) != 1) throw std::bad_alloc();
  m_certificate.reset(certificate, X509_free);
}

Certificate Certificate::from_der(ByteView der) {
  if (der.empty() || der.size() > max_certificate) throw Refusal(Reason::CertificateMalformed, "size");
  const auto parsed = crypto::parse_x509(der);
  if (!parsed) throw Refusal(Reason::CertificateMalformed, "not DER");
  return Certificate(parsed.get());
}

std::string Certificate::common_name() const {
  return subject_entry(handle(), NID_commonName);
}

std::string Certificate::organisation() const {
  return subject_entry(handle(), NID_organizationName);
}

std::string Certificate::subject_serial_number() const {
  return subject_entry(handle(), NID_serialNumber);
}

std::optional<std::string> Certificate::id_number_ending() const {
  const int index = X509_get_ext_by_NID(handle(), NID_subject_directory_attributes, -1);
  if (index < 0) return std::nullopt;
  const ASN1_OCTET_STRING* octets = X509_EXTENSION_get_data(X509_get_ext(handle(), index));
  const unsigned char* at = ASN1_STRING_get0_data(octets);
  const AnySequenceHandle attributes(d2i_ASN1_SEQUENCE_ANY(nullptr, &at, ASN1_STRING_length(octets)));
  if (!attributes) return std::nullopt;
  for (int i = 0; i < sk_ASN1_TYPE_num(attributes.get()); ++i) {
    if (auto text = text_of_attribute(*sk_ASN1_TYPE_value(attributes.get(), i))) return text;
  }
  return std::nullopt;
}

bool Certificate::is_for_signatures() const {
  const auto flags = X509_get_extension_flags(handle());
  if ((flags & EXFLAG_INVALID) != 0 || (flags & EXFLAG_CA) != 0) return false;
  return (flags & EXFLAG_KUSAGE) != 0 && (X509_get_key_usage(handle()) & KU_DIGITAL_SIGNATURE) != 0;
}

bool Certificate::verifies(ByteView message, ByteView signature) const {
  EVP_PKEY* key = X509_get0_pubkey(handle());
  if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < min_key_bits) return false;
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  // PKCS #1 v1.5 is OpenSSL's default padding for an RSA key.
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

} // namespace twcard::portal
