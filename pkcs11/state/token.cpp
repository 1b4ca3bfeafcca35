#include "pkcs11/state/token.hpp"

#include "pkcs11/cryptoki/text_field.hpp"
#include "pkcs11/mechanisms/digest.hpp"
#include "pkcs11/mechanisms/mechanism.hpp"

#include <algorithm>
#include <bit>

namespace twcard::pkcs11 {

namespace {

constexpr std::size_t check_value_size = 3;

} // namespace

std::size_t bits_of(ByteView number) noexcept {
  return number.empty() ? 0 : number.size() * 8 - static_cast<std::size_t>(std::countl_zero(number.front()));
}

namespace {

void add_storage(Object& object, const std::string& unique_id, bool is_private) {
  object.add_flag(CKA_TOKEN, true);
  object.add_flag(CKA_PRIVATE, is_private);
  object.add_flag(CKA_MODIFIABLE, false);
  object.add_flag(CKA_COPYABLE, false);
  object.add_flag(CKA_DESTROYABLE, false);
  object.add_text(CKA_UNIQUE_ID, unique_id);
}

Object certificate_object(const CertificateEntry& entry) {
  Object object(CKO_CERTIFICATE, entry.id);
  add_storage(object, "certificate-" + entry.id, false);
  object.add_text(CKA_LABEL, entry.label);
  object.add_number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  object.add_flag(CKA_TRUSTED, false);
  object.add_number(CKA_CERTIFICATE_CATEGORY,
                    entry.authority ? CK_CERTIFICATE_CATEGORY_AUTHORITY : CK_CERTIFICATE_CATEGORY_TOKEN_USER);
  const auto hash = Digest::of(Hash::Sha1, entry.der);
  object.add(CKA_CHECK_VALUE, ByteView(hash).first(check_value_size));
  object.add_text(CKA_START_DATE, entry.not_before);
  object.add_text(CKA_END_DATE, entry.not_after);
  object.add(CKA_PUBLIC_KEY_INFO, entry.public_key_info);
  object.add(CKA_SUBJECT, entry.subject);
  object.add(CKA_ID, entry.identifier);
  object.add(CKA_ISSUER, entry.issuer);
  object.add(CKA_SERIAL_NUMBER, entry.serial_number);
  object.add(CKA_VALUE, entry.der);
  object.add(CKA_URL, {});
  object.add(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, entry.key_hash);
  object.add(CKA_HASH_OF_ISSUER_PUBLIC_KEY, entry.issuer_key_hash);
  object.add_number(CKA_NAME_HASH_ALGORITHM, CKM_SHA_1);
  object.add_number(CKA_JAVA_MIDP_SECURITY_DOMAIN, 0);
  return object;
}

void add_key(Object& object, const CertificateEntry& entry) {
  object.add_text(CKA_LABEL, entry.label);
  object.add(CKA_ID, entry.identifier);
  object.add_number(CKA_KEY_TYPE, CKK_RSA);
  object.add(CKA_START_DATE, {});
  object.add(CKA_END_DATE, {});
  object.add_flag(CKA_DERIVE, false);
  object.add_flag(CKA_LOCAL, false);
  object.add_number(CKA_KEY_GEN_MECHANISM, CK_UNAVAILABLE_INFORMATION);
  object.add(CKA_SUBJECT, entry.subject);
  object.add(CKA_MODULUS, entry.modulus);
  object.add(CKA_PUBLIC_EXPONENT, entry.public_exponent);
  object.add(CKA_PUBLIC_KEY_INFO, entry.public_key_info);
}

Object public_key_object(const CertificateEntry& entry) {
  Object object(CKO_PUBLIC_KEY, entry.id);
  add_storage(object, "public-key-" + entry.id, false);
  add_key(object, entry);
  object.add_flag(CKA_ENCRYPT, entry.decrypts);
  object.add_flag(CKA_VERIFY, entry.signs);
  object.add_flag(CKA_VERIFY_RECOVER, entry.signs);
  object.add_flag(CKA_WRAP, false);
  object.add_flag(CKA_TRUSTED, false);
  object.add_number(CKA_MODULUS_BITS, bits_of(entry.modulus));
  return object;
}

Object private_key_object(const CertificateEntry& entry) {
  Object object(CKO_PRIVATE_KEY, entry.id);
  add_storage(object, "private-key-" + entry.id, true);
  add_key(object, entry);
  object.add_flag(CKA_SENSITIVE, true);
  object.add_flag(CKA_ALWAYS_SENSITIVE, true);
  object.add_flag(CKA_EXTRACTABLE, false);
  object.add_flag(CKA_NEVER_EXTRACTABLE, true);
  object.add_flag(CKA_DECRYPT, entry.decrypts);
  object.add_flag(CKA_SIGN, entry.signs);
  object.add_flag(CKA_SIGN_RECOVER, entry.signs);
  object.add_flag(CKA_UNWRAP, false);
  object.add_flag(CKA_WRAP_WITH_TRUSTED, false);
  object.add_flag(CKA_ALWAYS_AUTHENTICATE, false);
  return object;
}

// Tells NSS that certificates can be listed without asking for a PIN.
Object profile_object() {
  Object object(CKO_PROFILE, {});
  add_storage(object, "profile-public-certificates", false);
  object.add_number(CKA_PROFILE_ID, CKP_PUBLIC_CERTIFICATES_TOKEN);
  return object;
}

Object mechanism_object(const MechanismRow& row) {
  Object object(CKO_MECHANISM, {});
  object.add_number(CKA_MECHANISM_TYPE, row.type);
  object.add_text(CKA_UNIQUE_ID, "mechanism-" + std::to_string(row.type));
  return object;
}

} // namespace

Token::Token(ReaderEntry entry, CK_OBJECT_HANDLE first_handle)
    : m_entry(std::move(entry)), m_first_handle(first_handle) {
  // pam_p11 and libp11's examples take the first certificate and the first key that they find.
  std::stable_partition(m_entry.certificates.begin(), m_entry.certificates.end(),
                        [](const auto& certificate) { return certificate.has_key && certificate.signs; });
  for (const auto& certificate : m_entry.certificates) m_objects.push_back(certificate_object(certificate));
  for (const auto& certificate : m_entry.certificates) {
    if (!certificate.has_key) continue;
    m_objects.push_back(public_key_object(certificate));
    m_objects.push_back(private_key_object(certificate));
  }
  m_objects.push_back(profile_object());
  for (const auto& row : mechanisms()) m_objects.push_back(mechanism_object(row));
}

CK_TOKEN_INFO Token::info() const noexcept {
  CK_TOKEN_INFO info{};
  put_text(info.label, m_entry.label);
  // NSS takes what stands before a colon for the token and would not find its certificates.
  std::ranges::replace(info.label, CK_UTF8CHAR{':'}, CK_UTF8CHAR{'.'});
  put_text(info.manufacturerID, m_entry.manufacturer);
  put_text(info.model, m_entry.model);
  put_text(info.serialNumber, m_entry.serial_number);
  info.flags = CKF_RNG | CKF_WRITE_PROTECTED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
  info.ulMaxSessionCount = CK_EFFECTIVELY_INFINITE;
  info.ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
  info.ulMaxPinLen = m_entry.max_pin;
  info.ulMinPinLen = m_entry.min_pin;
  info.ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
  info.ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
  info.ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION;
  info.ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
  put_text(info.utcTime, {});
  return info;
}

const Object* Token::find(CK_OBJECT_HANDLE handle) const noexcept {
  if (handle < m_first_handle || handle >= end_handle()) return nullptr;
  return &m_objects[handle - m_first_handle];
}

} // namespace twcard::pkcs11
