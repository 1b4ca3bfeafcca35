#include "driver/card/card_profile.hpp"

#include "driver/apdu/hicos_pin_block.hpp"
#include "driver/base/log.hpp"
#include "driver/card/json_lines.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace twcard::card {

namespace {

namespace json = boost::json;

constexpr std::size_t max_file_octets = 64 * 1024;
constexpr std::size_t max_name_octets = 256;
constexpr std::size_t max_atrs = 32;
constexpr std::size_t min_atr_octets = 2;
constexpr std::size_t max_atr_octets = 33;
constexpr std::size_t max_transport_keys = 2;
constexpr std::array<std::string_view, 5> known_members{"version", "kind", "name", "atrs", "transport_keys"};

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
    throw Fault{field, fmt::format("{} octets where {} belong", octets->size(), wanted)};
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

HicosProfile profile_of(const json::value& value) {
  const auto* profile = value.if_object();
  if (profile == nullptr) throw Fault{"", "is not a JSON object"};
  for (const auto& member : *profile) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known_members.begin(), known_members.end(), name) == known_members.end())
      throw Fault{std::string(name), "is not a member of a card profile"};
  }
  if (required(*profile, "version") != 1) throw Fault{"version", "is not 1"};
  if (required(*profile, "kind") != "hicos") throw Fault{"kind", "is not \"hicos\""};

  HicosProfile hicos;
  const auto* name = required(*profile, "name").if_string();
  if (name == nullptr || name->empty() || name->size() > max_name_octets)
    throw Fault{"name", "is not a string of 1 to 256 octets"};
  hicos.name.assign(name->data(), name->size());
  if (const auto* atrs = profile->if_contains("atrs"))
    hicos.atrs = list_of_octets(*atrs, "atrs", max_atrs, min_atr_octets, max_atr_octets);
  hicos.transport_keys = list_of_octets(required(*profile, "transport_keys"), "transport_keys", max_transport_keys,
                                        apdu::hicos_transport_key_size, apdu::hicos_transport_key_size);
  if (hicos.transport_keys.empty()) throw Fault{"transport_keys", "is empty"};
  return hicos;
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
    auto profile = profile_of(json::parse(*text));
    profile.file = file;
    profiles.hicos.push_back(std::move(profile));
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
  constexpr const char* below = "twcard/profiles.d";
  std::vector<std::filesystem::path> folders{"/etc/twcard/profiles.d"};
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  // The XDG Base Directory specification wants a relative path ignored.
  if (config != nullptr && *config == '/') {
    folders.push_back(std::filesystem::path(config) / below);
  } else if (home != nullptr && *home != '\0') {
    folders.push_back(std::filesystem::path(home) / ".config" / below);
  }
  return folders;
}

const HicosProfile* CardProfiles::hicos_for(ByteView atr) const {
  const auto fits = [atr](const HicosProfile& profile) {
    return profile.atrs.empty() || std::any_of(profile.atrs.begin(), profile.atrs.end(), [atr](const Bytes& known) {
             return std::equal(known.begin(), known.end(), atr.begin(), atr.end());
           });
  };
  const auto profile = std::find_if(hicos.begin(), hicos.end(), fits);
  return profile == hicos.end() ? nullptr : &*profile;
}

} // namespace twcard::card
