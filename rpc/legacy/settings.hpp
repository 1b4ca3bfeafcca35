// Which sites may use the old local interfaces: legacy.json in the person's twcard folder. Source:
// docs/dialects/setup.md; control C10 of SECURITY.md. `twcard setup legacy` writes the file, twcard-web reads it at its
// start and when it has changed.
#pragma once

#include "rpc/legacy/dialects.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace twcard::rpc {

// Of a dialect that is on. Origins are https and canonical.
struct LegacySites {
  std::vector<std::string> origins;   // 1 to max_legacy_sites
  std::vector<std::string> page_pins; // of them: those whose PINs are used; hipki only

  [[nodiscard]] bool allows(std::string_view origin) const {
    return std::ranges::find(origins, origin) != origins.end();
  }
  [[nodiscard]] bool takes_page_pin(std::string_view origin) const {
    return std::ranges::find(page_pins, origin) != page_pins.end();
  }
};
inline constexpr std::size_t max_legacy_sites = 256;
inline constexpr std::size_t max_legacy_settings_octets = std::size_t{64} * 1024;

// A dialect without a value is off.
struct LegacySettings {
  std::optional<LegacySites> nhiicc;
  std::optional<LegacySites> hipki;

  [[nodiscard]] std::optional<LegacySites>& of(LegacyDialect dialect) {
    return dialect == LegacyDialect::Nhiicc ? nhiicc : hipki;
  }
  [[nodiscard]] const std::optional<LegacySites>& of(LegacyDialect dialect) const {
    return dialect == LegacyDialect::Nhiicc ? nhiicc : hipki;
  }
};

// Throws Error(BadRequest) that names the member and what is wrong with it.
[[nodiscard]] LegacySettings parse_legacy_settings(std::string_view text);
// What parse_legacy_settings() reads, one line.
[[nodiscard]] std::string text_of(const LegacySettings& settings);

[[nodiscard]] std::filesystem::path legacy_settings_file(const std::filesystem::path& folder);

} // namespace twcard::rpc
