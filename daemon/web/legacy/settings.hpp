// Which dialects of the old components are on, and for which sites. Source: docs/dialects/setup.md, "Switching a
// dialect on"; control C10 of SECURITY.md. `twcard setup legacy` writes the file, twcard-web reads it at its start and
// when it has changed.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace twcard::web {

// A dialect that is on. Origins are https and in canonical form.
struct LegacyDialect {
  std::set<std::string> origins;   // 1 to 256
  std::set<std::string> page_pins; // of them: those whose PINs are used; hipki only
};

// Without a member a dialect is off.
struct LegacySettings {
  std::optional<LegacyDialect> nhiicc;
  std::optional<LegacyDialect> hipki;
};

// Throws Error(BadRequest) that names the member and what is wrong with it.
[[nodiscard]] LegacySettings parse_legacy_settings(std::string_view text);
[[nodiscard]] std::filesystem::path legacy_settings_file(const std::filesystem::path& folder);
// That file of the folder; no file: everything is off. Throws as above, and for a file that is not this user's, that
// others may write, or of more than 64 KiB.
[[nodiscard]] LegacySettings read_legacy_settings(const std::filesystem::path& folder);

} // namespace twcard::web
