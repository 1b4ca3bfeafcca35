#include "daemon/card/readers/certificate_store.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "driver/crypto/digest.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace twcard::service {

namespace json = boost::json;
using card::CardCertificate;
using card::CertificateRole;

namespace {

constexpr std::size_t max_certificates = 16;
constexpr std::size_t max_directory_octets = 4096;
constexpr std::size_t max_name = 128;
constexpr std::size_t digest_digits = 64;
constexpr std::string_view suffix = ".certificates";

constexpr std::array<std::pair<CertificateRole, std::string_view>, 4> roles{
    {{CertificateRole::Signature, "signature"},
     {CertificateRole::Encryption, "encryption"},
     {CertificateRole::IssuingCa, "issuing_ca"},
     {CertificateRole::RootCa, "root_ca"}}};

[[noreturn]] void damaged(const char* what) {
  throw Error(Errc::BadRequest, what);
}

std::string file_of(const Bytes& card) {
  return to_hex(card) + std::string(suffix);
}

std::string name_in(const json::value& value) {
  std::string name(value.as_string());
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (name.empty() || name.size() > max_name || !plain) damaged("invalid name");
  return name;
}

// A card may give any text as a label, or none.
std::string label_in(const json::value& value) {
  std::string label(value.as_string());
  const bool plain = std::ranges::none_of(label, [](unsigned char c) { return c < ' ' || c == 0x7F; });
  if (label.size() > max_name || !plain) damaged("invalid label");
  return label;
}

Bytes octets_in(const json::value& value, std::size_t limit) {
  auto octets = from_base64(value.as_string());
  if (!octets || octets->empty() || octets->size() > limit) damaged("invalid octets");
  return std::move(*octets);
}

CardCertificate certificate_in(const json::object& object) {
  CardCertificate certificate;
  const auto role = std::ranges::find(roles, std::string_view(object.at("role").as_string()),
                                      &std::pair<CertificateRole, std::string_view>::second);
  if (role == roles.end()) damaged("invalid role");
  certificate.role = role->first;
  certificate.id = name_in(object.at("id"));
  certificate.label = label_in(object.at("label"));
  certificate.der = octets_in(object.at("der"), card::max_certificate_octets);
  static_cast<void>(card::parse_certificate(certificate.der));
  if (const auto& key = object.at("key"); !key.is_null()) {
    if (key.as_int64() < 0 || key.as_int64() > 0xFF) damaged("invalid key");
    certificate.key_reference = static_cast<std::uint8_t>(key.as_int64());
  }
  return certificate;
}

// First line: SHA-256 of the rest in hexadecimal.
json::object content_of(ByteView file) {
  if (file.size() <= digest_digits || file[digest_digits] != '\n') damaged("no digest");
  const auto rest = file.subspan(digest_digits + 1);
  if (as_text(file.first(digest_digits)) != to_hex(crypto::sha256(rest))) damaged("another digest");
  return json::parse(as_text(rest)).as_object();
}

KeptCertificates kept_in(const json::object& content) {
  KeptCertificates kept;
  kept.directory = octets_in(content.at("directory"), max_directory_octets);
  for (const auto& value : content.at("certificates").as_array()) {
    if (kept.certificates.size() == max_certificates) damaged("too many certificates");
    kept.certificates.push_back(certificate_in(value.as_object()));
  }
  if (kept.certificates.empty()) damaged("no certificate");
  return kept;
}

json::object form_of(const CardCertificate& certificate) {
  const auto role = std::ranges::find(roles, certificate.role, &std::pair<CertificateRole, std::string_view>::first);
  return {{"role", role->second},
          {"id", certificate.id},
          {"label", certificate.label},
          {"der", to_base64(certificate.der)},
          {"key", certificate.key_reference ? json::value(*certificate.key_reference) : json::value()}};
}

} // namespace

std::optional<KeptCertificates> CertificateStore::find(const Bytes& card, card::CardKind kind) const {
  const auto file = m_folder.read(file_of(card), max_file_octets);
  if (!file) return std::nullopt;
  try {
    const auto content = content_of(*file);
    // The digest is over the card and its kind too: a file under another card's name is as good as none.
    if (content.at("card").as_string() != to_hex(card) || content.at("kind").as_string() != card::name_of(kind))
      damaged("another card");
    return kept_in(content);
  } catch (const std::exception& error) {
    log::warning("store", "kept certificates are damaged ({}) and read again", error.what());
    forget(card);
    return std::nullopt;
  }
}

void CertificateStore::keep(const Bytes& card, card::CardKind kind, const KeptCertificates& certificates) const {
  json::array forms;
  for (const auto& certificate : certificates.certificates) forms.push_back(form_of(certificate));
  const auto text = json::serialize(json::object{{"card", to_hex(card)},
                                                 {"kind", card::name_of(kind)},
                                                 {"directory", to_base64(certificates.directory)},
                                                 {"certificates", std::move(forms)}});
  const auto file = to_hex(crypto::sha256(as_bytes(text))) + "\n" + text;
  if (file.size() > max_file_octets) return;
  m_folder.write(file_of(card), as_bytes(file));

  auto files = m_folder.files();
  std::erase_if(files,
                [&card](const auto& each) { return !each.name.ends_with(suffix) || each.name == file_of(card); });
  std::ranges::sort(files, {}, &StoreFolder::File::written);
  for (std::size_t i = 0; i + max_cards < files.size() + 1; ++i) m_folder.remove(files[i].name);
}

void CertificateStore::forget(const Bytes& card) const {
  m_folder.remove(file_of(card));
}

} // namespace twcard::service
