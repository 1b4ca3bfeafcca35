// Which sites may use the old local interfaces: legacy.json in the person's twcard folder. Source: docs/dialects.md,
// "Switching a dialect on". twcard-web reads the file at its start.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard::cli {

enum class LegacyDialect { Nhiicc, Hipki };

// The name on the command line and in the file.
[[nodiscard]] std::string_view name_of(LegacyDialect dialect);
// A usage Failure for another name.
[[nodiscard]] LegacyDialect legacy_dialect_named(const std::string& name);

// Canonical origins, none twice. An absent list leaves the one in the file.
struct LegacySites {
  std::optional<std::vector<std::string>> origins;
  std::optional<std::vector<std::string>> page_pins; // of HiPKI, and among `origins`
};

class LegacySettings final {
public:
  // What the file holds; empty when there is none. A Failure when it holds something else.
  [[nodiscard]] static LegacySettings read(const std::filesystem::path& file);

  // Switches a dialect on, or changes its sites; a usage Failure when no site would be left, or one of `page_pins` is
  // not among the sites.
  void set(LegacyDialect dialect, const LegacySites& sites);
  // Writes it with mode 0600; false when the file has this content already.
  [[nodiscard]] bool write(const std::filesystem::path& file) const;

  [[nodiscard]] const boost::json::object& form() const noexcept { return m_form; }

private:
  boost::json::object m_form;
};

} // namespace twcard::cli
