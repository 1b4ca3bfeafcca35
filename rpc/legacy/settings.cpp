#include "rpc/legacy/settings.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/web_origin.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::rpc {

namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 4;

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

std::vector<std::string> origins_of(const json::object& members, std::string_view name) {
  std::vector<std::string> origins;
  for (auto& text : required_strings(members, name, max_legacy_sites, max_origin_size)) {
    if (parse_origin(text, false) != text)
      bad(std::string(name) + ": \"" + text + "\" is not an origin like https://page.example");
    if (std::ranges::find(origins, text) == origins.end()) origins.push_back(std::move(text));
  }
  return origins;
}

LegacySites sites_of(const json::object& members, LegacyDialect dialect) {
  if (dialect == LegacyDialect::Hipki)
    only_members(members, {"origins", "page_pins"});
  else
    only_members(members, {"origins"});
  LegacySites sites{origins_of(members, "origins"), {}};
  if (members.contains("page_pins")) sites.page_pins = origins_of(members, "page_pins");
  for (const auto& origin : sites.page_pins)
    if (!sites.allows(origin)) bad("page_pins: " + origin + " is not one of the origins");
  return sites;
}

} // namespace

LegacySettings parse_legacy_settings(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  const auto value = json::parse({text.data(), text.size()}, failure, {}, options);
  if (failure || !value.is_object()) bad("not an object in JSON");
  const auto& form = value.get_object();
  only_members(form, {name_of(LegacyDialect::Nhiicc), name_of(LegacyDialect::Hipki)});
  LegacySettings settings;
  for (const auto dialect : legacy_dialects) {
    const auto name = name_of(dialect);
    if (!form.contains(name)) continue;
    try {
      settings.of(dialect) = sites_of(optional_object(form, name), dialect);
    } catch (const Error& error) {
      bad(std::string(name) + ": " + error.what());
    }
  }
  return settings;
}

std::string text_of(const LegacySettings& settings) {
  json::object form;
  for (const auto dialect : legacy_dialects) {
    const auto& sites = settings.of(dialect);
    if (!sites) continue;
    json::object member{{"origins", json::array(sites->origins.begin(), sites->origins.end())}};
    if (!sites->page_pins.empty()) member["page_pins"] = json::array(sites->page_pins.begin(), sites->page_pins.end());
    form[name_of(dialect)] = std::move(member);
  }
  return json::serialize(form) + "\n";
}

std::filesystem::path legacy_settings_file(const std::filesystem::path& folder) {
  return folder / "legacy.json";
}

} // namespace twcard::rpc
