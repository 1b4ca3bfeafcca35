// Changes of the settings of the old interfaces (rpc/legacy/settings.hpp).
#pragma once

#include "rpc/legacy/settings.hpp"

namespace twcard::cli {

using rpc::LegacyDialect;
using rpc::LegacySettings;
using rpc::LegacySites;

// A usage Failure for a name that is not one of a dialect.
[[nodiscard]] LegacyDialect legacy_dialect_named(const std::string& name);

// An absent list leaves the one in the file; page PINs of sites that are no longer allowed go in any case.
struct LegacyChange {
  std::optional<std::vector<std::string>> origins;
  std::optional<std::vector<std::string>> page_pins;
};

// What the file holds; everything is off without one. A Failure when it holds something else.
[[nodiscard]] LegacySettings read_legacy_settings(const std::filesystem::path& file);
// Switches a dialect on, or changes its sites; a usage Failure when no site would be left, when there are too many, or
// when one of `page_pins` is not among the sites.
void change_sites(LegacySettings& settings, LegacyDialect dialect, const LegacyChange& change);
// Writes it with mode 0600; false when the file has this content already.
[[nodiscard]] bool write_legacy_settings(const LegacySettings& settings, const std::filesystem::path& file);

} // namespace twcard::cli
