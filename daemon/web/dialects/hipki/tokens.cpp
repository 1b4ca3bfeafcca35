#include "daemon/web/dialects/hipki/tokens.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace twcard::web::hipki {

namespace json = boost::json;

namespace {

// 2.16.886.1.100.2.51, the content octets of its DER.
constexpr std::array<std::uint8_t, 7> id_last_four = {0x60, 0x86, 0x76, 0x01, 0x64, 0x02, 0x33};

std::string text(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

// YYYY-MM-DDTHH:MM:SSZ
std::time_t time_of(const std::string& text) {
  std::tm parts{};
  if (const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts); end == nullptr || *end != '\0')
    throw Error(Errc::Internal, "legacy.tokens: a time");
  return ::timegm(&parts);
}

KeyCertificate certificate_of(const json::object& form) {
  auto der = from_base64(form.at("der").as_string());
  if (!der) throw Error(Errc::Internal, "legacy.tokens: a certificate");
  return {text(form, "id"),
          text(form, "label"),
          std::move(*der),
          text(form, "serial_number"),
          json::value_to<std::vector<std::string>>(form.at("usage")),
          time_of(text(form, "not_before")),
          time_of(text(form, "not_after")),
          form.at("has_key").as_bool()};
}

Reader reader_of(const json::object& form) {
  Reader reader{text(form, "name"), false, std::nullopt};
  const auto& token = form.at("token");
  reader.unknown_card = token.is_string();
  if (!token.is_object()) return reader;
  Card card{text(token.get_object(), "serial_number"), {}};
  if (const auto* list = token.get_object().if_contains("certificates"))
    for (const auto& certificate : list->as_array())
      card.certificates.push_back(certificate_of(certificate.as_object()));
  reader.card = std::move(card);
  return reader;
}

bool is_for_signatures(const KeyCertificate& certificate) {
  return certificate.has_key && std::ranges::find(certificate.usage, "digitalSignature") != certificate.usage.end();
}

const Reader& chosen_reader(const std::vector<Reader>& readers, const std::optional<std::string>& name) {
  const Reader* chosen = nullptr;
  for (const auto& reader : readers) {
    if (!reader.card || (name && reader.name != *name)) continue;
    if (chosen != nullptr) throw Error(Errc::SeveralCards, "slotDescription: several cards");
    chosen = &reader;
  }
  if (chosen == nullptr) throw Error(Errc::NoCard, "no certificate card");
  return *chosen;
}

using Certificate = Owned<X509, X509_free>;

Certificate parsed(ByteView der) {
  const auto* at = der.data();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  return certificate;
}

std::string text_of(const X509_NAME* name) {
  const Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  constexpr unsigned long flags = XN_FLAG_RFC2253 & ~(XN_FLAG_DN_REV | ASN1_STRFLGS_ESC_MSB);
  if (!out || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return {};
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
  constexpr auto free_octets = [](unsigned char* octets) { OPENSSL_free(octets); };
  const Owned<unsigned char, free_octets> owner(text);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

bool is_last_four(std::string_view text) {
  return text.size() <= 16 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// Whether the attribute is the one with this OID.
bool is_of_type(X509_ATTRIBUTE* attribute, ByteView oid) {
  const auto* object = X509_ATTRIBUTE_get0_object(attribute);
  const std::span<const std::uint8_t> octets(OBJ_get0_data(object), OBJ_length(object));
  return std::ranges::equal(octets, oid);
}

} // namespace

std::vector<Reader> readers_of(const json::object& result) {
  try {
    std::vector<Reader> readers;
    for (const auto& reader : result.at("readers").as_array()) readers.push_back(reader_of(reader.as_object()));
    return readers;
  } catch (const std::logic_error&) {
    throw Error(Errc::Internal, "legacy.tokens: unexpected form of the reply");
  } catch (const boost::system::system_error&) {
    throw Error(Errc::Internal, "legacy.tokens: unexpected form of the reply");
  }
}

std::optional<Choice> signing_certificate(const std::vector<Reader>& readers, const std::optional<std::string>& reader,
                                          const std::optional<std::string>& key) {
  const auto& chosen = chosen_reader(readers, reader);
  const auto& all = chosen.card->certificates;
  const auto fits = [&key](const KeyCertificate& certificate) {
    return key ? certificate.has_key && certificate.id == *key : is_for_signatures(certificate);
  };
  const auto certificate = std::ranges::find_if(all, fits);
  if (certificate == all.end()) return std::nullopt;
  return Choice{chosen, *certificate};
}

CertificateNames names_of(ByteView der) {
  const auto certificate = parsed(der);
  if (!certificate) return {};
  const auto* subject = X509_get_subject_name(certificate.get());
  return {text_of(subject), text_of(X509_get_issuer_name(certificate.get())), common_name_of(subject)};
}

std::string last_four_of(ByteView der) {
  const auto certificate = parsed(der);
  if (!certificate) return {};
  const int index = X509_get_ext_by_NID(certificate.get(), NID_subject_directory_attributes, -1);
  if (index < 0) return {};
  const auto* value = X509_EXTENSION_get_data(X509_get_ext(certificate.get(), index));
  const auto* at = ASN1_STRING_get0_data(value);
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  // SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
  if (ASN1_get_object(&at, &size, &tag, &tag_class, ASN1_STRING_length(value)) != V_ASN1_CONSTRUCTED) return {};
  for (const auto* end = at + size; at < end;) {
    const Owned<X509_ATTRIBUTE, X509_ATTRIBUTE_free> attribute(d2i_X509_ATTRIBUTE(nullptr, &at, end - at));
    if (!attribute) return {};
    if (!is_of_type(attribute.get(), id_last_four)) continue;
    const auto* data =
        static_cast<ASN1_STRING*>(X509_ATTRIBUTE_get0_data(attribute.get(), 0, V_ASN1_PRINTABLESTRING, nullptr));
    if (data == nullptr) return {};
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                                static_cast<std::size_t>(ASN1_STRING_length(data)));
    return is_last_four(text) ? std::string(text) : std::string();
  }
  return {};
}

Bytes public_key_of(ByteView der) {
  const auto certificate = parsed(der);
  if (!certificate) return {};
  const unsigned char* key = nullptr;
  int size = 0;
  if (X509_PUBKEY_get0_param(nullptr, &key, &size, nullptr, X509_get_X509_PUBKEY(certificate.get())) != 1) return {};
  return {key, key + size};
}

} // namespace twcard::web::hipki
