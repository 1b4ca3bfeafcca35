#include "cli/legacy_settings.hpp"

#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t max_settings_file = std::size_t{64} * 1024;

Failure not_ours(const std::filesystem::path& file) {
  const auto name = escaped(file.string());
  return file_error(fmt::format("{} is not what this program writes; `twcard setup legacy remove` takes it away", name),
                    fmt::format("{} 不是本程式所寫的內容；`twcard setup legacy remove` 可將它移除", name));
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
  for (const auto dialect : {LegacyDialect::Nhiicc, LegacyDialect::Hipki})
    if (name == name_of(dialect)) return dialect;
  throw usage_error(fmt::format("unknown interface {}; known are nhiicc and hipki, or `remove`", escaped(name)),
                    fmt::format("沒有 {} 這個介面；可用 nhiicc、hipki，或 `remove`", escaped(name)));
}

LegacySettings LegacySettings::read(const std::filesystem::path& file) {
  LegacySettings settings;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return settings;
  const auto content = read_file(file, max_settings_file);
  boost::system::error_code failure;
  const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()}, failure);
  if (failure || !value.is_object()) throw not_ours(file);
  for (const auto& [name, member] : value.get_object())
    if (!member.is_object() || (name != "nhiicc" && name != "hipki")) throw not_ours(file);
  settings.m_form = value.get_object();
  return settings;
}

void LegacySettings::set(LegacyDialect dialect, const LegacySites& sites) {
  auto& member = m_form[name_of(dialect)];
  if (!member.is_object()) member = json::object();
  auto& form = member.get_object();
  const auto put = [&form](const char* name, const std::vector<std::string>& origins) {
    form[name] = json::array(origins.begin(), origins.end());
  };
  if (sites.origins) {
    put("origins", *sites.origins);
    form.erase("page_pins");
  }
  const auto* origins = form.if_contains("origins");
  if (origins == nullptr || !origins->is_array() || origins->get_array().empty())
    throw usage_error("which sites may use it? --allow https://site.example, for each of them",
                      "哪些網站可以使用？請逐一加上 --allow https://site.example");
  if (!sites.page_pins) return;
  for (const auto& origin : *sites.page_pins)
    if (std::ranges::find(origins->get_array(), json::value(origin)) == origins->get_array().end())
      throw usage_error(fmt::format("--page-pins {}: this site is not allowed; name it with --allow, too", origin),
                        fmt::format("--page-pins {}：這個網站不在允許之列；請同時加上 --allow", origin));
  put("page_pins", *sites.page_pins);
}

bool LegacySettings::write(const std::filesystem::path& file) const {
  const auto text = json::serialize(m_form) + "\n";
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
