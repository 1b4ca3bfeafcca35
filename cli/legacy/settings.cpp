#include "cli/legacy/settings.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/setup.hpp"
#include "driver/base/error.hpp"

namespace twcard::cli {

namespace {

Failure not_ours(const std::filesystem::path& file) {
  return file_error(texts::legacy::unreadable_settings, escaped(file.string()));
}

} // namespace

LegacyDialect legacy_dialect_named(const std::string& name) {
  if (const auto dialect = rpc::legacy_dialect_named(name)) return *dialect;
  throw usage_error(texts::legacy::unknown_interface, escaped(name));
}

LegacySettings read_legacy_settings(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  const auto content = read_file(file, rpc::max_legacy_settings_octets);
  try {
    return rpc::parse_legacy_settings(as_text(content));
  } catch (const Error&) {
    throw not_ours(file);
  }
}

void change_sites(LegacySettings& settings, LegacyDialect dialect, const LegacyChange& change) {
  auto sites = settings.of(dialect).value_or(LegacySites());
  if (change.origins) sites.origins = *change.origins;
  if (sites.origins.empty()) throw usage_error(texts::legacy::which_sites);
  if (sites.origins.size() > rpc::max_legacy_sites)
    throw usage_error(texts::legacy::too_many_sites, sites.origins.size(), rpc::max_legacy_sites);
  std::erase_if(sites.page_pins, [&sites](const auto& origin) { return !sites.allows(origin); });
  if (change.page_pins) {
    for (const auto& origin : *change.page_pins)
      if (!sites.allows(origin)) throw usage_error(texts::legacy::page_pins_not_allowed, origin);
    sites.page_pins = *change.page_pins;
  }
  settings.of(dialect) = std::move(sites);
}

bool write_legacy_settings(const LegacySettings& settings, const std::filesystem::path& file) {
  const auto text = rpc::text_of(settings);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    constexpr auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    const auto rights = std::filesystem::status(file, ignored).permissions();
    if (as_text(read_file(file, rpc::max_legacy_settings_octets)) == text &&
        (rights & others) == std::filesystem::perms::none)
      return false;
  }
  write_private_file(file, as_bytes(text));
  return true;
}

} // namespace twcard::cli
