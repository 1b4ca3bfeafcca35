#include "simulator/issuing/card_file.hpp"

#include "simulator/applets/hicos_files.hpp"
#include "simulator/applets/nhi_record.hpp"
#include "simulator/applets/pkcs15_files.hpp"
#include "simulator/cards/secure_channel.hpp"
#include "simulator/issuing/authority.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <optional>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

// Answers to reset as the cards have them (docs/cards).
constexpr const char* nhi_atr = "3BFF1800FF8131FE455448434331305445434F4744484E3224";
constexpr const char* hicos_atr = "3BB813008131FA524348544D4F494341A5";
constexpr const char* pkcs15_atr = "3B8A015457434152442D53494DE6"; // "TWCARD-SIM", T=1
constexpr const char* gpki_atr = "3BD8960081B1FE451F0743485447504B494ADD";

// What a kind of card is, and whose.
struct Kind {
  HolderKind holder = HolderKind::Citizen;
  int card_generation = 1; // 0: no card of that family, but after ISO/IEC 7816-15
};

std::string_view file_kind_of(Kind kind) {
  if (kind.card_generation == 0) return "pkcs15";
  return kind.card_generation == 1 ? "hicos" : "gpki";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

void check_numbers(const InventedPerson& person, HolderKind holder) {
  const auto& id = person.id_number;
  switch (holder) {
  case HolderKind::Company:
    if (person.tax_number.size() != 8 || !std::all_of(person.tax_number.begin(), person.tax_number.end(), is_digit))
      refuse("tax_number: not 8 digits");
    return;
  case HolderKind::Organisation:
    if (person.organisation.empty()) refuse("organisation: no OID");
    return;
  case HolderKind::Citizen: break;
  }
  if (id.size() != 10 || !is_capital(id[0]) || !(is_capital(id[1]) || is_digit(id[1])) ||
      !std::all_of(id.begin() + 2, id.end(), is_digit))
    refuse("id_number: not a capital letter, a letter or digit, and eight digits");
}

void check(const InventedPerson& person, HolderKind holder) {
  if (person.name.empty()) refuse("name: is empty");
  check_numbers(person, holder);
  if (person.sex != "M" && person.sex != "F") refuse("sex: neither M nor F");
  if (person.termination.size() > 1) refuse("termination: more than one character");
  const auto printable = [](char c) { return c > ' ' && c < 0x7F; };
  if (person.pin.size() < 6 || person.pin.size() > 8 || !std::all_of(person.pin.begin(), person.pin.end(), printable))
    refuse("pin: not 6 to 8 printable ASCII characters");
}

// Whole records of generation 1 are addressed by a key's reference and the three numbers after it.
bool too_close(std::uint8_t one, std::uint8_t other) {
  return std::max(one, other) - std::min(one, other) < 4;
}

void check(const CardOptions& options) {
  if (options.generation < 0 || options.generation > 2) refuse("generation: neither 1 nor 2");
  const auto authority = options.authority_generation;
  if (authority != 0 && authority != 2 && authority != 3) refuse("authority_generation: neither 2 nor 3");
  if (options.key_set != 1 && options.key_set != 2) refuse("key_set: neither 1 nor 2");
  if (options.max_read < 16 || options.max_read > 200) refuse("max_read: not 16 to 200");
  if (too_close(options.signature_key, options.encryption_key))
    refuse("signature_key, encryption_key: less than four apart");
}

json::array habits_form(const CardOptions& options) {
  const auto names = names_of(options.habits);
  return json::array(names.begin(), names.end());
}

json::object nhi_card(const InventedPerson& person, const CardOptions& options) {
  const auto card_number = "0000" + digits_from("twcard simulator, NHI card of " + person.id_number, 8);
  auto record =
      nhi_basic_record({card_number, person.name, person.id_number, person.birth_date, person.sex, person.issue_date});
  if (options.habits.contains(Habit::LongRecord)) record.insert(record.end(), 3, '0');
  const auto mark = person.termination.empty() ? std::string(" ") : person.termination;
  return {
      {"format", "twcard-sim card, version 1; simulated, of an invented person"},
      {"kind", "nhi"},
      {"atr", nhi_atr},
      {"basic_record", to_hex(record)},
      {"card_number", to_hex(as_bytes(card_number))},
      {"card_data", to_hex(as_bytes(mark))},
      {"get_response", options.get_response},
      {"habits", habits_form(options)},
  };
}

// A length inside that cannot be right; the outer headers stay as they were.
void damage(FileTree& files, const std::string& root, Damage kind) {
  switch (kind) {
  case Damage::None: return;
  case Damage::CertificateDirectory: files[root + certificate_directory_file][3] = 0x7F; return;
  case Damage::SignatureCertificate: files[root + certificate_file][signature_offset + 6] = 0x7F; return;
  }
}

CertificateRequest request_for(const InventedPerson& person, const CardOptions& options, HolderKind holder) {
  CertificateRequest request;
  request.kind = holder;
  request.name = person.name;
  request.expired = options.expired;
  switch (holder) {
  case HolderKind::Citizen:
    request.serial_number = digits_from("twcard simulator, citizen " + person.id_number, 16);
    request.id_last_four = person.id_number.substr(6);
    break;
  case HolderKind::Company:
    request.serial_number = person.tax_number;
    request.tax_number = person.tax_number;
    break;
  case HolderKind::Organisation:
    request.serial_number = digits_from("twcard simulator, organisation " + person.organisation, 16);
    request.organisation = person.organisation;
    break;
  }
  return request;
}

// What the issuing CA makes for a card, and what every card file with certificates says of it.
struct Issued {
  RsaKey signature_key;
  RsaKey encryption_key;
  Bytes signature;
  Bytes encryption;
  std::optional<RsaKey> third_key;
  Bytes third;           // of the third key
  Bytes ended_signature; // of the signature key, before `signature`
};

Issued issue(const InventedPerson& person, const CardOptions& options, HolderKind holder, Authority& authority) {
  Issued issued{authority.next_key(), authority.next_key(), {}, {}, {}, {}, {}};
  const auto has = [&options](Habit habit) { return options.habits.contains(habit); };
  auto request = request_for(person, options, holder);
  request.purpose = KeyPurpose::Encryption;
  issued.encryption = authority.issue(request, issued.encryption_key);
  if (has(Habit::ThreeCertificates)) {
    request.purpose = KeyPurpose::SignatureAndNonRepudiation;
    issued.third_key = authority.next_key();
    issued.third = authority.issue(request, *issued.third_key);
  }
  request.purpose = has(Habit::NonRepudiation) ? KeyPurpose::NonRepudiation : KeyPurpose::Signature;
  if (has(Habit::EndedCertificateFirst)) {
    auto ended = request;
    ended.expired = true;
    issued.ended_signature = authority.issue(ended, issued.signature_key);
  }
  request.serial_zero = has(Habit::SerialZero);
  request.revoked = options.revoked;
  issued.signature = authority.issue(request, issued.signature_key);
  return issued;
}

// The usual reference of a third key, or one that is far enough from the other two.
std::uint8_t third_key_of(const CardOptions& options) {
  std::uint8_t reference = 0x11;
  while (too_close(reference, options.signature_key) || too_close(reference, options.encryption_key)) reference += 4;
  return reference;
}

json::object card_with(const FileTree& files, const Issued& issued, const InventedPerson& person,
                       const CardOptions& options, Authority& authority) {
  json::object file_texts;
  for (const auto& [path, content] : files) file_texts[path] = to_hex(content);
  json::array keys{{{"reference", options.signature_key}, {"private_key", issued.signature_key.to_pem()}},
                   {{"reference", options.encryption_key}, {"private_key", issued.encryption_key.to_pem()}}};
  if (issued.third_key)
    keys.push_back({{"reference", third_key_of(options)}, {"private_key", issued.third_key->to_pem()}});
  return {
      {"format", "twcard-sim card, version 1; simulated, of an invented person, with test keys"},
      {"pin", person.pin},
      {"tries_left", 3},
      {"keys", std::move(keys)},
      {"habits", habits_form(options)},
      {"files", file_texts},
      {"root", authority.root_pem()},
      {"issuer", authority.issuing_pem()},
      {"crl", authority.revocation_list_pem()},
  };
}

json::object pkcs15_card(const InventedPerson& person, const CardOptions& options, Authority& authority) {
  const auto issued = issue(person, options, HolderKind::Citizen, authority);
  Pkcs15Contents contents;
  contents.serial_number = random_octets(8);
  if (options.habits.contains(Habit::ColonInLabel)) contents.label = "CA: simulated 7816-15";
  contents.digits_only = std::all_of(person.pin.begin(), person.pin.end(), is_digit);
  contents.raw = options.raw;
  contents.root = authority.root_der();
  contents.issuing = authority.issuing_der();
  contents.encryption = issued.encryption;
  contents.signature = issued.signature;
  contents.encryption_key = options.encryption_key;
  contents.signature_key = options.signature_key;

  auto files = pkcs15_files(contents);
  if (options.unnamed) files.erase(pkcs15_application_directory_file);
  if (options.damage == Damage::CertificateDirectory) files[pkcs15_certificate_directory_file][3] = 0x7F;
  if (options.damage == Damage::SignatureCertificate) files[pkcs15_signature_certificate_file][6] = 0x7F;
  auto card = card_with(files, issued, person, options, authority);
  card["kind"] = "pkcs15";
  card["atr"] = pkcs15_atr;
  card["raw"] = options.raw;
  card["named"] = !options.unnamed;
  return card;
}

HicosContents contents_of(const Issued& issued, const CardOptions& options, Kind kind, const Authority& authority) {
  const auto has = [&options](Habit habit) { return options.habits.contains(habit); };
  HicosContents contents;
  contents.root_directory = kind.card_generation == 1 ? "3F00" : "7FFF";
  contents.card_number = has(Habit::LettersInNumber) ? "TP" + random_digits(14) : random_digits(16);
  contents.root = authority.root_der();
  contents.issuing = authority.issuing_der();
  contents.encryption = issued.encryption;
  contents.signature = issued.signature;
  contents.encryption_key = options.encryption_key;
  contents.signature_key = options.signature_key;
  contents.access_flags = !has(Habit::NoAccessFlags);
  if (has(Habit::LongVersion)) contents.version = "CHT V32N, simulated card";
  if (has(Habit::RenewedInPlace)) contents.remains = 30;
  if (has(Habit::EndedCertificateFirst)) {
    contents.more_certificates.push_back({"SIGN", "cert1", contents.signature});
    contents.signature = issued.ended_signature;
  }
  if (has(Habit::ThreeCertificates)) {
    contents.more_certificates.push_back({"SIGN02", "cert3", issued.third});
    contents.more_keys.push_back({"SIGN02", "cert3", third_key_of(options)});
  }
  if (has(Habit::SpacedLabels)) {
    contents.issuing_label = "CA Cert";
    contents.root_label = "ROOT CA Cert";
  }
  if (has(Habit::TwoIssuers)) {
    contents.more_certificates.push_back({"CACert2", "CACert2", contents.issuing});
    contents.issuing = authority.namesake_der();
  }
  return contents;
}

json::object certificate_card(const InventedPerson& person, const CardOptions& options, Kind kind,
                              Authority& authority) {
  const auto issued = issue(person, options, kind.holder, authority);
  const auto contents = contents_of(issued, options, kind, authority);
  auto files = hicos_files(contents);
  damage(files, contents.root_directory, options.damage);
  auto card = card_with(files, issued, person, options, authority);
  card["kind"] = file_kind_of(kind);
  card["atr"] = kind.card_generation == 1 ? hicos_atr : gpki_atr;
  card["max_read"] = options.max_read;
  if (kind.card_generation == 1) {
    card["key_set"] = options.key_set;
    return card;
  }
  const auto card_id = random_octets(10);
  const auto keys = channel_keys_of(card_id);
  card["card_id"] = to_hex(card_id);
  card["channel_encryption_key"] = to_hex(keys.encryption);
  card["channel_mac_key"] = to_hex(keys.mac);
  return card;
}

Kind kind_named(const std::string& name, const CardOptions& options) {
  const int generation = options.generation == 0 ? 2 : options.generation;
  if (name == "hicos") return {HolderKind::Citizen, 1};
  if (name == "gpki") return {HolderKind::Citizen, 2};
  if (name == "pkcs15") return {HolderKind::Citizen, 0};
  if (name == "company") return {HolderKind::Company, generation};
  if (name == "organisation") return {HolderKind::Organisation, generation};
  refuse("kind: none of nhi, hicos, gpki, company, organisation and pkcs15");
}

} // namespace

json::object personalise(const std::string& kind_name, const InventedPerson& person, const CardOptions& options) {
  check(options);
  if (kind_name == "nhi") {
    check(options.habits, "nhi");
    check(person, HolderKind::Citizen);
    return nhi_card(person, options);
  }
  const auto kind = kind_named(kind_name, options);
  check(options.habits, file_kind_of(kind));
  check(person, kind.holder);
  const int usual = kind.card_generation == 2 ? 3 : 2;
  const auto& issuer =
      issuer_for(kind.holder, options.authority_generation == 0 ? usual : options.authority_generation);
  const auto make = [&](Authority& authority) {
    return kind.card_generation == 0 ? pkcs15_card(person, options, authority)
                                     : certificate_card(person, options, kind, authority);
  };
  if (!options.authority.empty()) return Authority::with_folder(options.authority, issuer, options.fresh_keys, make);
  auto authority =
      Authority::create(issuer, options.fresh_keys ? KeySource::generating() : KeySource::of_this_process());
  return make(authority);
}

} // namespace twcard::simulator
