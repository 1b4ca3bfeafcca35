#include "simulator/card_file.hpp"

#include "simulator/applets/hicos_files.hpp"
#include "simulator/applets/nhi_record.hpp"
#include "simulator/authority.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

// Answers to reset as the cards have them (docs/cards).
constexpr const char* nhi_atr = "3BFF1800FF8131FE455448434331305445434F4744484E3224";
constexpr const char* hicos_atr = "3BB813008131FA524348544D4F494341A5";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

void check(const InventedPerson& person) {
  const auto& id = person.id_number;
  if (person.name.empty()) refuse("name: is empty");
  if (id.size() != 10 || !is_capital(id[0]) || !(is_capital(id[1]) || is_digit(id[1])) ||
      !std::all_of(id.begin() + 2, id.end(), is_digit))
    refuse("id_number: not a capital letter, a letter or digit, and eight digits");
  if (person.sex != "M" && person.sex != "F") refuse("sex: neither M nor F");
  if (person.termination.size() > 1) refuse("termination: more than one character");
  const auto printable = [](char c) { return c > ' ' && c < 0x7F; };
  if (person.pin.size() < 6 || person.pin.size() > 8 || !std::all_of(person.pin.begin(), person.pin.end(), printable))
    refuse("pin: not 6 to 8 printable ASCII characters");
}

void check(const CardOptions& options) {
  if (options.key_set != 1 && options.key_set != 2) refuse("key_set: neither 1 nor 2");
  if (options.max_read < 16 || options.max_read > 200) refuse("max_read: not 16 to 200");
  if (std::max(options.signature_key, options.encryption_key) -
          std::min(options.signature_key, options.encryption_key) <
      4)
    refuse("signature_key, encryption_key: less than four apart");
}

json::object nhi_card(const InventedPerson& person, const CardOptions& options) {
  const auto card_number = "0000" + digits_from("twcard simulator, NHI card of " + person.id_number, 8);
  const auto record =
      nhi_basic_record({card_number, person.name, person.id_number, person.birth_date, person.sex, person.issue_date});
  const auto mark = person.termination.empty() ? std::string(" ") : person.termination;
  return {
      {"format", "twcard-sim card, version 1; simulated, of an invented person"},
      {"kind", "nhi"},
      {"atr", nhi_atr},
      {"basic_record", to_hex(record)},
      {"card_number", to_hex(as_bytes(card_number))},
      {"card_data", to_hex(as_bytes(mark))},
      {"get_response", options.get_response},
  };
}

// A length inside that cannot be right; the outer headers stay as they were.
void damage(FileTree& files, Damage kind) {
  switch (kind) {
  case Damage::None: return;
  case Damage::CertificateDirectory: files[certificate_directory_file][3] = 0x7F; return;
  case Damage::SignatureCertificate: files[certificate_file][signature_offset + 6] = 0x7F; return;
  }
}

json::object hicos_card(const InventedPerson& person, const CardOptions& options, Authority& authority) {
  const auto signature_key = RsaKey::generate();
  const auto encryption_key = RsaKey::generate();

  CertificateRequest request;
  request.name = person.name;
  request.serial_number = digits_from("twcard simulator, citizen " + person.id_number, 16);
  request.id_last_four = person.id_number.substr(6);
  request.expired = options.expired;

  HicosContents contents;
  contents.card_number = random_digits(16);
  contents.root = authority.root_der();
  contents.issuing = authority.issuing_der();
  request.purpose = KeyPurpose::Encryption;
  contents.encryption = authority.issue(request, encryption_key);
  request.purpose = KeyPurpose::Signature;
  request.revoked = options.revoked;
  contents.signature = authority.issue(request, signature_key);
  contents.encryption_key = options.encryption_key;
  contents.signature_key = options.signature_key;

  auto files = hicos_files(contents);
  damage(files, options.damage);
  json::object file_texts;
  for (const auto& [path, content] : files) file_texts[path] = to_hex(content);
  return {
      {"format", "twcard-sim card, version 1; simulated, of an invented person, with test keys"},
      {"kind", "hicos"},
      {"atr", hicos_atr},
      {"pin", person.pin},
      {"tries_left", 3},
      {"key_set", options.key_set},
      {"max_read", options.max_read},
      {"keys", json::array{{{"reference", options.signature_key}, {"private_key", signature_key.to_pem()}},
                           {{"reference", options.encryption_key}, {"private_key", encryption_key.to_pem()}}}},
      {"files", file_texts},
      {"root", authority.root_pem()},
      {"issuer", authority.issuing_pem()},
      {"crl", authority.revocation_list_pem()},
  };
}

} // namespace

json::object personalise(const std::string& kind, const InventedPerson& person, const CardOptions& options) {
  check(person);
  check(options);
  if (kind == "nhi") return nhi_card(person, options);
  if (kind != "hicos") refuse("kind: neither nhi nor hicos");
  const auto make = [&](Authority& authority) { return hicos_card(person, options, authority); };
  if (!options.authority.empty()) return Authority::with_folder(options.authority, make);
  auto authority = Authority::create();
  return make(authority);
}

} // namespace twcard::simulator
