#include "driver/card/profile/card_profile.hpp"

#include "driver/apdu/aes_cmac.hpp"
#include "driver/apdu/hicos_pin_block.hpp"
#include "driver/base/log.hpp"
#include "driver/base/user_folders.hpp"
#include "driver/card/profile/json_lines.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <fstream>
#include <optional>

namespace twcard::card {

namespace {

namespace json = boost::json;

constexpr std::size_t max_file_octets = 64 * 1024;
constexpr std::size_t max_name_octets = 256;
constexpr std::size_t max_path_octets = 4096;
constexpr std::size_t max_atrs = 32;
constexpr std::size_t min_atr_octets = 2;
constexpr std::size_t max_atr_octets = 33;
constexpr std::size_t max_transport_keys = 2;
constexpr std::size_t max_cards = 64;
constexpr std::size_t card_id_octets = 10;
constexpr std::size_t link_key_octets = 24;
constexpr std::size_t password_suffix_octets = 4;
constexpr std::size_t max_host_octets = 253;

// What is wrong, and with which field; the file and the line are known further up.
struct Fault {
  std::string field;
  std::string text;
};

std::string element(const char* array, std::size_t index) {
  return fmt::format("{}[{}]", array, index);
}

const json::value& required(const json::object& profile, const char* member) {
  const auto* value = profile.if_contains(member);
  if (value == nullptr) throw Fault{member, "is missing"};
  return *value;
}

Bytes octets_of(const json::value& value, const std::string& field, std::size_t least, std::size_t most) {
  const auto* text = value.if_string();
  if (text == nullptr) throw Fault{field, "is not a string"};
  auto octets = from_hex({text->data(), text->size()});
  if (!octets) throw Fault{field, "is not hexadecimal"};
  if (octets->size() < least || octets->size() > most) {
    const auto wanted = least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
    throw Fault{field, fmt::format("expected {} octets, got {}", wanted, octets->size())};
  }
  return std::move(*octets);
}

std::vector<Bytes> list_of_octets(const json::value& value, const char* member, std::size_t most_elements,
                                  std::size_t least, std::size_t most) {
  const auto* array = value.if_array();
  if (array == nullptr) throw Fault{member, "is not an array"};
  if (array->size() > most_elements) throw Fault{member, fmt::format("has more than {} elements", most_elements)};
  std::vector<Bytes> list;
  for (std::size_t i = 0; i < array->size(); ++i)
    list.push_back(octets_of((*array)[i], element(member, i), least, most));
  return list;
}

void allow_only(const json::object& object, const std::string& path, std::initializer_list<std::string_view> names) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw Fault{path + std::string(name), "is not a member of a card profile of this kind"};
  }
}

CardProfile common_of(const json::object& profile) {
  CardProfile common;
  const auto* name = required(profile, "name").if_string();
  if (name == nullptr || name->empty() || name->size() > max_name_octets)
    throw Fault{"name", "is not a string of 1 to 256 octets"};
  common.name.assign(name->data(), name->size());
  if (const auto* atrs = profile.if_contains("atrs"))
    common.atrs = list_of_octets(*atrs, "atrs", max_atrs, min_atr_octets, max_atr_octets);
  return common;
}

HicosProfile hicos_of(const json::object& profile) {
  allow_only(profile, "", {"version", "kind", "name", "atrs", "transport_keys"});
  HicosProfile hicos{common_of(profile), {}};
  hicos.transport_keys = list_of_octets(required(profile, "transport_keys"), "transport_keys", max_transport_keys,
                                        apdu::hicos_transport_key_size, apdu::hicos_transport_key_size);
  if (hicos.transport_keys.empty()) throw Fault{"transport_keys", "is empty"};
  return hicos;
}

GpkiProfile::CardKeys card_keys_of(const json::value& value, const std::string& path) {
  const auto* card = value.if_object();
  if (card == nullptr) throw Fault{path, "is not a JSON object"};
  allow_only(*card, path + ".", {"card_id", "encryption_key", "mac_key"});
  const auto octets = [&](const char* member, std::size_t size) {
    const auto* found = card->if_contains(member);
    if (found == nullptr) throw Fault{path, fmt::format("has no {}", member)};
    return octets_of(*found, path + "." + member, size, size);
  };
  return {octets("card_id", card_id_octets), octets("encryption_key", apdu::aes_key_size),
          octets("mac_key", apdu::aes_key_size)};
}

GpkiProfile gpki_of(const json::object& profile) {
  allow_only(profile, "", {"version", "kind", "name", "atrs", "master_key", "cards"});
  GpkiProfile gpki{common_of(profile), {}, {}};
  const auto* master_key = profile.if_contains("master_key");
  const auto* cards = profile.if_contains("cards");
  if (master_key == nullptr && cards == nullptr) throw Fault{"", "has neither master_key nor cards"};
  if (master_key != nullptr && cards != nullptr) throw Fault{"cards", "stands beside master_key: one of them belongs"};
  if (master_key != nullptr) {
    gpki.master_key = octets_of(*master_key, "master_key", apdu::aes_key_size, apdu::aes_key_size);
    return gpki;
  }
  const auto* array = cards->if_array();
  if (array == nullptr) throw Fault{"cards", "is not an array"};
  if (array->empty() || array->size() > max_cards)
    throw Fault{"cards", fmt::format("does not have 1 to {} elements", max_cards)};
  for (std::size_t i = 0; i < array->size(); ++i) gpki.cards.push_back(card_keys_of((*array)[i], element("cards", i)));
  return gpki;
}

std::string host_of(const json::value& value) {
  const auto* text = value.if_string();
  const auto of_hosts = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':';
  };
  if (text == nullptr || text->empty() || text->size() > max_host_octets ||
      !std::all_of(text->begin(), text->end(), of_hosts))
    throw Fault{"site.host", "is neither a name nor an address"};
  return {text->data(), text->size()};
}

NhiProfile nhi_of(const json::object& profile) {
  allow_only(profile, "",
             {"version", "kind", "name", "atrs", "hello_key", "password_key", "password_suffix", "site",
              "secure_basic_prefix"});
  NhiProfile nhi{common_of(profile), {}, {}, {}, {}, 0, false};
  const auto key = [&](const char* member, std::size_t size) {
    return octets_of(required(profile, member), member, size, size);
  };
  nhi.hello_key = key("hello_key", link_key_octets);
  nhi.password_key = key("password_key", link_key_octets);
  nhi.password_suffix = key("password_suffix", password_suffix_octets);
  const auto* site = required(profile, "site").if_object();
  if (site == nullptr) throw Fault{"site", "is not a JSON object"};
  allow_only(*site, "site.", {"host", "port"});
  const auto* host = site->if_contains("host");
  const auto* port = site->if_contains("port");
  if (host == nullptr || port == nullptr) throw Fault{"site", "does not have host and port"};
  nhi.site_host = host_of(*host);
  if (!port->is_int64() || port->get_int64() < 1 || port->get_int64() > 65535)
    throw Fault{"site.port", "is not a number from 1 to 65535"};
  nhi.site_port = static_cast<std::uint16_t>(port->get_int64());
  if (const auto* prefix = profile.if_contains("secure_basic_prefix")) {
    if (!prefix->is_bool()) throw Fault{"secure_basic_prefix", "is neither true nor false"};
    nhi.secure_basic_prefix = prefix->get_bool();
  }
  return nhi;
}

VendorProfile vendor_of(const json::object& profile) {
  allow_only(profile, "", {"version", "kind", "name", "atrs", "library"});
  VendorProfile vendor{common_of(profile), {}};
  if (vendor.atrs.empty())
    throw Fault{"atrs", "is missing or empty: a vendor's library is for the cards that are named"};
  const auto* library = required(profile, "library").if_string();
  if (library == nullptr || library->empty() || library->front() != '/' || library->size() > max_path_octets)
    throw Fault{"library", "is not an absolute path of at most 4096 octets"};
  vendor.library.assign(library->begin(), library->end());
  return vendor;
}

void add_profile(const json::value& value, const std::filesystem::path& file, CardProfiles& profiles) {
  const auto* profile = value.if_object();
  if (profile == nullptr) throw Fault{"", "is not a JSON object"};
  if (required(*profile, "version") != 1) throw Fault{"version", "is not 1"};
  const auto& kind = required(*profile, "kind");
  if (kind == "hicos") {
    profiles.hicos.push_back(hicos_of(*profile));
    profiles.hicos.back().file = file;
  } else if (kind == "gpki") {
    profiles.gpki.push_back(gpki_of(*profile));
    profiles.gpki.back().file = file;
  } else if (kind == "nhi") {
    profiles.nhi.push_back(nhi_of(*profile));
    profiles.nhi.back().file = file;
  } else if (kind == "vendor") {
    profiles.vendor.push_back(vendor_of(*profile));
    profiles.vendor.back().file = file;
  } else {
    throw Fault{"kind", "is not one of \"hicos\", \"gpki\", \"nhi\" and \"vendor\""};
  }
}

std::optional<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(max_file_octets + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void load_file(const std::filesystem::path& file, CardProfiles& profiles) {
  const auto text = content_of(file);
  if (!text) {
    profiles.faults.push_back({file, 0, "", "cannot be read"});
    return;
  }
  if (text->size() > max_file_octets) {
    profiles.faults.push_back({file, 0, "", "is longer than 64 KiB"});
    return;
  }
  std::map<std::string, std::size_t> lines;
  try {
    lines = lines_of_json(*text);
    add_profile(json::parse(*text), file, profiles);
  } catch (const JsonFault& fault) {
    profiles.faults.push_back({file, fault.line(), fault.field(), fault.what()});
  } catch (const Fault& fault) {
    const auto at = lines.find(fault.field);
    profiles.faults.push_back({file, at != lines.end() ? at->second : lines[""], fault.field, fault.text});
  }
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  return files;
}

template <typename Profile>
const Profile* first_fitting(const std::vector<Profile>& profiles, ByteView atr) {
  const auto fits = [atr](const Profile& profile) {
    return profile.atrs.empty() || std::any_of(profile.atrs.begin(), profile.atrs.end(), [atr](const Bytes& known) {
             return std::equal(known.begin(), known.end(), atr.begin(), atr.end());
           });
  };
  const auto profile = std::find_if(profiles.begin(), profiles.end(), fits);
  return profile == profiles.end() ? nullptr : &*profile;
}

std::vector<std::filesystem::path> folders_named(const char* name) {
  std::vector<std::filesystem::path> folders{std::filesystem::path("/etc/twcard") / name};
  if (const auto own = twcard_in(user_config_folder()); !own.empty()) folders.push_back(own / name);
  return folders;
}

} // namespace

CardProfiles CardProfiles::load(const std::vector<std::filesystem::path>& folders) {
  CardProfiles profiles;
  for (const auto& folder : folders)
    for (const auto& file : files_in(folder)) load_file(file, profiles);
  for (const auto& fault : profiles.faults)
    log::warning("profile", "{}:{}: {} {}", fault.file.string(), fault.line, fault.field, fault.text);
  return profiles;
}

std::vector<std::filesystem::path> CardProfiles::default_folders() {
  return folders_named("profiles.d");
}

std::vector<std::filesystem::path> CardProfiles::default_vendor_folders() {
  return folders_named("vendor.d");
}

const HicosProfile* CardProfiles::hicos_for(ByteView atr) const {
  return first_fitting(hicos, atr);
}

const GpkiProfile* CardProfiles::gpki_for(ByteView atr) const {
  return first_fitting(gpki, atr);
}

const NhiProfile* CardProfiles::nhi_for(ByteView atr) const {
  return first_fitting(nhi, atr);
}

} // namespace twcard::card
