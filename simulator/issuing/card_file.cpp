#include "simulator/issuing/card_file.hpp"

#include "simulator/applets/gpki_applet.hpp"
#include "simulator/applets/hicos_applet.hpp"
#include "simulator/applets/nhi_applet.hpp"
#include "simulator/applets/pkcs15_applet.hpp"
#include "simulator/cards/transport_keys.hpp"
#include "simulator/crypto/site_ciphers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(const std::string& member, const std::string& why) {
  throw Error(Errc::BadRequest, "card file: " + member + ": " + why);
}

const json::value& member(const json::object& object, const char* name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr) refuse(name, "is missing");
  return *found;
}

std::string text(const json::object& object, const char* name) {
  const auto* value = member(object, name).if_string();
  if (value == nullptr) refuse(name, "is not a string");
  return {value->data(), value->size()};
}

Bytes octets(const std::string& name, const json::value& value) {
  const auto* digits = value.if_string();
  auto decoded = digits == nullptr ? std::nullopt : from_hex({digits->data(), digits->size()});
  if (!decoded) refuse(name, "is not hexadecimal");
  return *decoded;
}

Bytes octets(const json::object& object, const char* name) {
  return octets(name, member(object, name));
}

int number(const json::object& object, const char* name, int least, int most) {
  const auto& value = member(object, name);
  boost::system::error_code inexact;
  const auto whole = value.to_number<std::int64_t>(inexact);
  if (inexact || whole < least || whole > most)
    refuse(name, "is not a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int>(whole);
}

bool flag(const json::object& object, const char* name) {
  const auto* value = member(object, name).if_bool();
  if (value == nullptr) refuse(name, "is neither true nor false");
  return *value;
}

Bytes answer_to_reset(const json::object& file) {
  auto atr = octets(file, "atr");
  if (atr.size() < 2 || atr.size() > 33) refuse("atr", "is not 2 to 33 octets");
  return atr;
}

Habits habits_of(const json::object& file, std::string_view kind) {
  Habits habits;
  if (!file.contains("habits")) return habits;
  const auto* names = member(file, "habits").if_array();
  if (names == nullptr) refuse("habits", "is not an array");
  for (const auto& name : *names) {
    if (!name.is_string()) refuse("habits", "an element is not a string");
    habits.insert(habit_named(name.get_string()).habit);
  }
  check(habits, kind);
  return habits;
}

std::unique_ptr<Applet> nhi_applet(const json::object& file) {
  NhiCardData data;
  data.atr = answer_to_reset(file);
  data.basic_record = octets(file, "basic_record");
  data.card_number = octets(file, "card_number");
  data.card_data = octets(file, "card_data");
  for (const auto* answer : {&data.basic_record, &data.card_number, &data.card_data})
    if (answer->empty() || answer->size() > 255) refuse("basic_record, card_number, card_data", "1 to 255 octets each");
  data.get_response = flag(file, "get_response");
  const auto habits = habits_of(file, "nhi");
  data.selected_by_default = habits.contains(Habit::SelectedByDefault);
  data.unknown_aid_6d00 = habits.contains(Habit::UnknownAid6d00);
  return std::make_unique<NhiApplet>(std::move(data));
}

FileTree files_of(const json::object& file) {
  const auto* files = member(file, "files").if_object();
  if (files == nullptr) refuse("files", "is not an object");
  FileTree tree;
  for (const auto& [path, content] : *files) tree[std::string(path)] = octets("files." + std::string(path), content);
  return tree;
}

const json::array& keys_of(const json::object& file) {
  const auto* keys = member(file, "keys").if_array();
  if (keys == nullptr) refuse("keys", "is not an array");
  return *keys;
}

CitizenKey key_from(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) refuse("keys", "an element is not an object");
  const auto reference = static_cast<std::uint8_t>(number(*object, "reference", 1, 252));
  try {
    return {reference, RsaKey::from_pem(text(*object, "private_key"))};
  } catch (const Error& error) {
    refuse("keys.private_key", error.what());
  }
}

CitizenCardData citizen_data(const json::object& file) {
  CitizenCardData data;
  data.atr = answer_to_reset(file);
  data.files = files_of(file);
  for (const auto& key : keys_of(file)) data.keys.push_back(key_from(key));
  data.pin = text(file, "pin");
  if (data.pin.size() > pin_field_octets) refuse("pin", "is over 10 characters");
  data.tries_left = number(file, "tries_left", 0, 3);
  data.max_read = static_cast<std::size_t>(number(file, "max_read", 1, 200));
  return data;
}

std::unique_ptr<Applet> pkcs15_applet(const json::object& file) {
  Pkcs15CardData data;
  data.atr = answer_to_reset(file);
  data.files = files_of(file);
  for (const auto& value : keys_of(file)) {
    auto key = key_from(value);
    data.keys.push_back({key.reference, std::move(key.pair)});
  }
  data.pin = text(file, "pin");
  if (data.pin.size() > pkcs15_pin_field_octets) refuse("pin", "is over 12 characters");
  data.tries_left = number(file, "tries_left", 0, 3);
  data.raw = flag(file, "raw");
  data.named = flag(file, "named");
  return std::make_unique<Pkcs15Applet>(std::move(data));
}

std::unique_ptr<Applet> hicos_applet(const json::object& file) {
  return std::make_unique<HicosApplet>(HicosCardData{citizen_data(file), number(file, "key_set", 1, 2)});
}

Bytes octets_of_size(const json::object& file, const char* name, std::size_t size) {
  auto content = octets(file, name);
  if (content.size() != size) refuse(name, "is not " + std::to_string(size) + " octets");
  return content;
}

std::unique_ptr<Applet> gpki_applet(const json::object& file, const Habits& habits) {
  constexpr std::size_t card_id_octets = 10;
  constexpr std::size_t key_octets = 16;
  const auto select = habits.contains(Habit::SelectWithoutLe) ? SelectLe::Never
                      : habits.contains(Habit::SelectWithLe)  ? SelectLe::Always
                                                              : SelectLe::Either;
  const ChannelKeys keys{octets_of_size(file, "channel_encryption_key", key_octets),
                         octets_of_size(file, "channel_mac_key", key_octets)};
  return std::make_unique<GpkiApplet>(
      GpkiCardData{citizen_data(file), octets_of_size(file, "card_id", card_id_octets), keys, select});
}

} // namespace

std::shared_ptr<SimulatedCard> card_from_json(const json::object& file) {
  const auto kind = text(file, "kind");
  const auto habits = habits_of(file, kind);
  if (kind == "nhi") return std::make_shared<SimulatedCard>(nhi_applet(file));
  if (kind == "hicos") return std::make_shared<SimulatedCard>(hicos_applet(file));
  if (kind == "gpki") return std::make_shared<SimulatedCard>(gpki_applet(file, habits));
  if (kind == "pkcs15") return std::make_shared<SimulatedCard>(pkcs15_applet(file));
  refuse("kind", "is not one of nhi, hicos, gpki and pkcs15");
}

std::shared_ptr<SimulatedCard> card_from_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Errc::BadRequest, file.string() + ": cannot be read");
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  boost::system::error_code error;
  const auto value = json::parse(content, error);
  if (error || !value.is_object()) throw Error(Errc::BadRequest, file.string() + ": is not a JSON object");
  return card_from_json(value.get_object());
}

std::string root_certificate_of(const json::object& file) {
  return text(file, "root");
}
std::string issuing_certificate_of(const json::object& file) {
  return text(file, "issuer");
}
std::string revocation_list_of(const json::object& file) {
  return text(file, "crl");
}

std::string nhi_test_profile(std::uint16_t port) {
  return json::serialize(json::object{{"version", 1},
                                      {"kind", "nhi"},
                                      {"name", "twcard test profile (simulated NHI cards and site)"},
                                      {"hello_key", to_hex(as_bytes(hello_key))},
                                      {"password_key", to_hex(as_bytes(password_key))},
                                      {"password_suffix", to_hex(as_bytes(password_suffix))},
                                      {"site", {{"host", "127.0.0.1"}, {"port", port}}}});
}

std::string test_profile(int generation) {
  json::object profile{{"version", 1}, {"kind", "hicos"}, {"name", "twcard test profile (simulated cards)"}};
  if (generation == 1) {
    profile["transport_keys"] = json::array{to_hex(as_bytes(transport_key(1))), to_hex(as_bytes(transport_key(2)))};
  } else {
    profile["kind"] = "gpki";
    profile["master_key"] = to_hex(as_bytes(master_key));
  }
  return json::serialize(profile);
}

} // namespace twcard::simulator
