#include "daemon/card/keys/token_form.hpp"

#include "daemon/card/readers/key_choice.hpp"
#include "driver/base/error.hpp"
#include "driver/crypto/readable_names.hpp"
#include "driver/crypto/x509.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace twcard::service {

namespace json = boost::json;

namespace {

crypto::Certificate decode(ByteView der) {
  auto certificate = crypto::parse_x509(der);
  if (!certificate) throw Error(Errc::BadCardData, "certificate: not well-formed");
  return certificate;
}

template <typename Object, typename Encode>
Bytes der_of(Object* object, Encode encode) {
  unsigned char* octets = nullptr;
  const int size = encode(object, &octets);
  if (size <= 0) throw Error(Errc::BadCardData, "certificate: a part that cannot be encoded");
  Bytes der(octets, octets + size);
  OPENSSL_free(octets);
  return der;
}

// SHA-1 of the subject's public key, without its algorithm (RFC 5280, 4.2.1.2, method 1): a name for the key.
Bytes key_hash(X509* certificate) {
  const auto* key = X509_get0_pubkey_bitstr(certificate);
  return crypto::sha1({key->data, static_cast<std::size_t>(key->length)});
}

Bytes public_exponent(X509* certificate) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(X509_get0_pubkey(certificate), "e", &number) != 1) return {};
  const crypto::Number owner(number);
  return crypto::octets_of(number);
}

// YYYYMMDD of YYYY-MM-DDTHH:MM:SSZ.
std::string date_of(const std::string& time) {
  return time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2);
}

// Several authorities may have one name: the issuer is the one with the key identifier that the certificate names, or
// else the one whose key made its signature (RFC 5280 sections 4.2.1.1 and 6.1.3).
bool is_issuer(X509* candidate, X509* certificate) {
  if (X509_NAME_cmp(X509_get_subject_name(candidate), X509_get_issuer_name(certificate)) != 0) return false;
  const auto* wanted = X509_get0_authority_key_id(certificate);
  const auto* has = X509_get0_subject_key_id(candidate);
  if (wanted != nullptr && has != nullptr) return ASN1_OCTET_STRING_cmp(wanted, has) == 0;
  return X509_verify(certificate, X509_get0_pubkey(candidate)) == 1;
}

Bytes hash_of_issuers_key(X509* certificate, const Snapshot& snapshot) {
  for (const auto& other : snapshot.certificates) {
    const auto candidate = decode(other.on_card.der);
    if (is_issuer(candidate.get(), certificate)) return key_hash(candidate.get());
  }
  return {};
}

// What PKCS#11 calls CKA_ID.
Bytes identifier_of(const std::string& id, card::CardKind kind) {
  const auto octets = kind == card::CardKind::Pkcs15 || kind == card::CardKind::Vendor ? from_hex(id) : std::nullopt;
  return octets ? *octets : to_bytes(as_bytes(id));
}

json::object certificate_form(const TokenCertificate& certificate, const Snapshot& snapshot) {
  const auto& [on_card, info, key] = certificate;
  const auto parsed = decode(on_card.der);
  auto* x509 = parsed.get();
  const auto names = crypto::names_in(on_card.der);
  if (!names) throw Error(Errc::BadCardData, "certificate: names that cannot be found");
  return {{"id", on_card.id},
          {"label", on_card.label},
          {"identifier", to_base64(identifier_of(on_card.id, snapshot.kind))},
          {"der", to_base64(on_card.der)},
          {"subject", to_base64(names->subject)},
          {"issuer", to_base64(names->issuer)},
          {"serial_number", to_base64(der_of(X509_get_serialNumber(x509), i2d_ASN1_INTEGER))},
          {"not_before", date_of(info.not_before)},
          {"not_after", date_of(info.not_after)},
          {"public_key_info", to_base64(der_of(X509_get_X509_PUBKEY(x509), i2d_X509_PUBKEY))},
          {"key_hash", to_base64(key_hash(x509))},
          {"issuer_key_hash", to_base64(hash_of_issuers_key(x509, snapshot))},
          {"modulus", to_base64(info.modulus)},
          {"public_exponent", to_base64(public_exponent(x509))},
          {"authority", info.authority},
          {"has_key", on_card.key_reference.has_value() && !info.modulus.empty()},
          {"signs", key.signs && is_for(certificate, KeyUse::Signing)},
          {"decrypts", key.decrypts && is_for(certificate, KeyUse::Decryption)}};
}

} // namespace

json::object token_form(const Snapshot& snapshot) {
  json::array certificates;
  for (const auto& certificate : snapshot.certificates) certificates.push_back(certificate_form(certificate, snapshot));
  ERR_clear_error();
  return {{"label", snapshot.names.label},
          {"manufacturer", snapshot.names.manufacturer},
          {"model", snapshot.names.model},
          {"serial_number", snapshot.card_number},
          {"min_pin", snapshot.pin_policy.min_length},
          {"max_pin", snapshot.pin_policy.max_length},
          {"certificates", std::move(certificates)}};
}

} // namespace twcard::service
