// Which sites may use the old local interfaces: legacy.json in the person's twcard folder. Source:
// docs/dialects/setup.md, "Switching a dialect on".
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace twcard::cli {

enum class LegacyDialect { Nhiicc, Hipki };
inline constexpr std::array legacy_dialects{LegacyDialect::Nhiicc, LegacyDialect::Hipki};

// The name on the command line and in the file.
[[nodiscard]] std::string_view name_of(LegacyDialect dialect);
// A usage Failure for another name.
[[nodiscard]] LegacyDialect legacy_dialect_named(const std::string& name);

// Canonical origins, none twice.
struct LegacySites {
  std::vector<std::string> origins;
  std::vector<std::string> page_pins; // of HiPKI, and among `origins`
};

// An absent list leaves the one in the file; page PINs of sites that are no longer allowed go in any case.
struct LegacyChange {
  std::optional<std::vector<std::string>> origins;
  std::optional<std::vector<std::string>> page_pins;
};

class LegacySettings final {
public:
  // What the file holds; empty when there is none. A Failure when it holds something else.
  [[nodiscard]] static LegacySettings read(const std::filesystem::path& file);

  [[nodiscard]] bool has(LegacyDialect dialect) const { return m_dialects.contains(dialect); }
  // None when it is off.
  [[nodiscard]] LegacySites sites_of(LegacyDialect dialect) const;
  [[nodiscard]] bool empty() const { return m_dialects.empty(); }

  static constexpr std::size_t max_sites = 256; // twcard-web takes no more

  // Switches a dialect on, or changes its sites; a usage Failure when no site would be left, when there are too many,
  // or when one of `page_pins` is not among the sites.
  void set(LegacyDialect dialect, const LegacyChange& change);
  void remove(LegacyDialect dialect) { m_dialects.erase(dialect); }
  // Writes it with mode 0600; false when the file has this content already.
  [[nodiscard]] bool write(const std::filesystem::path& file) const;

private:
  std::map<LegacyDialect, LegacySites> m_dialects;
};

} // namespace twcard::cli
