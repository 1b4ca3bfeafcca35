#include "cli/legacy/settings.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/setup.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t max_settings_file = std::size_t{64} * 1024;

Failure not_ours(const std::filesystem::path& file) {
  return file_error(texts::legacy::unreadable_settings, escaped(file.string()));
}

using Origins = std::vector<std::string>;

bool holds(const Origins& origins, const std::string& origin) {
  return std::ranges::find(origins, origin) != origins.end();
}

// Empty when the form has no such list; nullopt when it is no list of texts.
std::optional<Origins> list_in(const json::object& form, std::string_view name) {
  Origins origins;
  const auto* list = form.if_contains(name);
  if (list == nullptr) return origins;
  if (!list->is_array()) return std::nullopt;
  for (const auto& origin : list->get_array()) {
    if (!origin.is_string()) return std::nullopt;
    origins.emplace_back(origin.get_string());
  }
  return origins;
}

std::optional<LegacySites> sites_in(const json::value& member) {
  if (!member.is_object()) return std::nullopt;
  auto origins = list_in(member.get_object(), "origins");
  auto page_pins = list_in(member.get_object(), "page_pins");
  if (!origins || !page_pins) return std::nullopt;
  return LegacySites{std::move(*origins), std::move(*page_pins)};
}

} // namespace

std::string_view name_of(LegacyDialect dialect) {
  switch (dialect) {
  case LegacyDialect::Nhiicc: return "nhiicc";
  case LegacyDialect::Hipki: return "hipki";
  }
  return "";
}

LegacyDialect legacy_dialect_named(const std::string& name) {
  for (const auto dialect : legacy_dialects)
    if (name == name_of(dialect)) return dialect;
  throw usage_error(texts::legacy::unknown_interface, escaped(name));
}

LegacySettings LegacySettings::read(const std::filesystem::path& file) {
  LegacySettings settings;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return settings;
  const auto content = read_file(file, max_settings_file);
  boost::system::error_code failure;
  const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()}, failure);
  if (failure || !value.is_object()) throw not_ours(file);
  for (const auto& [name, member] : value.get_object()) {
    const auto dialect = std::ranges::find(legacy_dialects, std::string_view(name), name_of);
    auto sites = sites_in(member);
    if (dialect == legacy_dialects.end() || !sites) throw not_ours(file);
    settings.m_dialects[*dialect] = std::move(*sites);
  }
  return settings;
}

LegacySites LegacySettings::sites_of(LegacyDialect dialect) const {
  const auto found = m_dialects.find(dialect);
  return found == m_dialects.end() ? LegacySites() : found->second;
}

void LegacySettings::set(LegacyDialect dialect, const LegacyChange& change) {
  auto sites = sites_of(dialect);
  if (change.origins) sites.origins = *change.origins;
  if (sites.origins.empty()) throw usage_error(texts::legacy::which_sites);
  if (sites.origins.size() > max_sites)
    throw usage_error(texts::legacy::too_many_sites, sites.origins.size(), max_sites);
  std::erase_if(sites.page_pins, [&sites](const auto& origin) { return !holds(sites.origins, origin); });
  if (change.page_pins) {
    for (const auto& origin : *change.page_pins)
      if (!holds(sites.origins, origin)) throw usage_error(texts::legacy::page_pins_not_allowed, origin);
    sites.page_pins = *change.page_pins;
  }
  m_dialects[dialect] = std::move(sites);
}

bool LegacySettings::write(const std::filesystem::path& file) const {
  json::object form;
  for (const auto& [dialect, sites] : m_dialects) {
    json::object member{{"origins", json::array(sites.origins.begin(), sites.origins.end())}};
    if (!sites.page_pins.empty()) member["page_pins"] = json::array(sites.page_pins.begin(), sites.page_pins.end());
    form[name_of(dialect)] = std::move(member);
  }
  const auto text = json::serialize(form) + "\n";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    constexpr auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    const auto rights = std::filesystem::status(file, ignored).permissions();
    if (as_text(read_file(file, max_settings_file)) == text && (rights & others) == std::filesystem::perms::none)
      return false;
  }
  write_private_file(file, as_bytes(text));
  return true;
}

} // namespace twcard::cli
