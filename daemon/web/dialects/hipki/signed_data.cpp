#include "daemon/web/dialects/hipki/signed_data.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

namespace twcard::web::hipki {

namespace {

void must(bool holds) {
  if (!holds) throw Error(Errc::Internal, "OpenSSL cannot make the SignedData");
}

template <typename Pointer>
Pointer made(Pointer pointer) {
  must(static_cast<bool>(pointer));
  return pointer;
}

using String = Owned<ASN1_STRING, ASN1_STRING_free>;
using Object = Owned<ASN1_OBJECT, ASN1_OBJECT_free>;
using Attribute = Owned<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;
using Certificate = Owned<X509, X509_free>;

String string_of(int type, ByteView octets) {
  auto string = made(String(ASN1_STRING_type_new(type)));
  must(ASN1_STRING_set(string.get(), octets.data(), static_cast<int>(octets.size())) == 1);
  return string;
}

const EVP_MD* algorithm_named(const std::string& hash_function) {
  return made(EVP_get_digestbyname(hash_function.c_str()));
}

Bytes hash_of(ByteView octets, const EVP_MD* algorithm) {
  Bytes hash(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
  must(EVP_Digest(octets.data(), octets.size(), hash.data(), nullptr, algorithm, nullptr) == 1);
  return hash;
}

// In a SignerInfo's list of signed attributes. The value is copied.
void add(PKCS7_SIGNER_INFO& signer, const char* oid, int type, const void* value) {
  const auto object = made(Object(OBJ_txt2obj(oid, 1)));
  auto attribute = made(Attribute(X509_ATTRIBUTE_create_by_OBJ(nullptr, object.get(), type, value, -1)));
  if (signer.auth_attr == nullptr) signer.auth_attr = sk_X509_ATTRIBUTE_new_null();
  must(signer.auth_attr != nullptr && sk_X509_ATTRIBUTE_push(signer.auth_attr, attribute.get()) > 0);
  static_cast<void>(attribute.release());
}

void add(PKCS7_SIGNER_INFO& signer, const char* oid, const String& value) {
  add(signer, oid, ASN1_STRING_type(value.get()), value.get());
}

} // namespace

Bytes hash_of(ByteView octets, const std::string& hash_function) {
  return hash_of(octets, algorithm_named(hash_function));
}

struct SignedData::State {
  const EVP_MD* algorithm = nullptr;
  Owned<PKCS7, PKCS7_free> message{made(PKCS7_new())};
  Owned<PKCS7_SIGNER_INFO, PKCS7_SIGNER_INFO_free> signer{made(PKCS7_SIGNER_INFO_new())};
  Bytes hash;
};

SignedData::SignedData(ByteView content, const std::string& hash_function, const SignedAttributes& attributes)
    : m_state(std::make_unique<State>()) {
  m_state->algorithm = algorithm_named(hash_function);
  auto* message = m_state->message.get();
  must(PKCS7_set_type(message, NID_pkcs7_signed) == 1 && PKCS7_content_new(message, NID_pkcs7_data) == 1);
  must(ASN1_STRING_set(message->d.sign->contents->d.data, content.data(), static_cast<int>(content.size())) == 1);

  auto& signer = *m_state->signer;
  add(signer, "1.2.840.113549.1.9.3", V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data));
  add(signer, "1.2.840.113549.1.9.4", string_of(V_ASN1_OCTET_STRING, hash_of(content, m_state->algorithm)));
  if (attributes.signing_time) {
    const String time(made(String(ASN1_TIME_set(nullptr, *attributes.signing_time))));
    add(signer, "1.2.840.113549.1.9.5", time);
  }
  if (!attributes.nonce.empty())
    add(signer, "1.2.840.113549.1.9.25.3", string_of(V_ASN1_OCTET_STRING, attributes.nonce));
  if (!attributes.card_number.empty())
    add(signer, "2.5.4.5", string_of(V_ASN1_PRINTABLESTRING, as_bytes(attributes.card_number)));

  // As a SET OF, which also puts the list into the order of DER (RFC 5652 section 5.4).
  unsigned char* encoded = nullptr;
  const int size =
      ASN1_item_i2d(reinterpret_cast<const ASN1_VALUE*>(signer.auth_attr), &encoded, ASN1_ITEM_rptr(PKCS7_ATTR_SIGN));
  must(size > 0);
  constexpr auto free_octets = [](unsigned char* octets) { OPENSSL_free(octets); };
  const Owned<unsigned char, free_octets> owner(encoded);
  m_state->hash = hash_of({encoded, static_cast<std::size_t>(size)}, m_state->algorithm);
}

SignedData::~SignedData() = default;

const Bytes& SignedData::hash() const noexcept {
  return m_state->hash;
}

Bytes SignedData::assemble(ByteView certificate, ByteView signature) && {
  const auto* at = certificate.data();
  const auto owner = made(Certificate(d2i_X509(nullptr, &at, static_cast<long>(certificate.size()))));
  auto* key = X509_get0_pubkey(owner.get());
  must(key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA);
  auto* signer = m_state->signer.get();
  must(PKCS7_SIGNER_INFO_set(signer, owner.get(), key, m_state->algorithm) == 1);
  must(ASN1_STRING_set(signer->enc_digest, signature.data(), static_cast<int>(signature.size())) == 1);
  auto* message = m_state->message.get();
  must(PKCS7_add_signer(message, signer) == 1);
  static_cast<void>(m_state->signer.release()); // the message's now
  must(PKCS7_add_certificate(message, owner.get()) == 1);
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_PKCS7(message, nullptr))));
  auto* end = der.data();
  must(i2d_PKCS7(message, &end) > 0);
  return der;
}

} // namespace twcard::web::hipki
