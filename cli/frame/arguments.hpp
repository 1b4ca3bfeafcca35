// The words of a command line, checked against the options that a command has.
// `--name value`, `--name=value`, `--` ends the options; `-h` is `--help`. No abbreviations.
#pragma once

#include "driver/base/text.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twcard::cli {

struct Option {
  std::string_view name;  // with its dashes: "--out"
  std::string_view value; // what stands after it ("FILE"); empty: the option takes none
  Text help;
  bool repeats = false;
};

class Arguments final {
public:
  // Throws a usage Failure for an unknown option (with the nearest known one), a missing or superfluous value and an
  // option that was given twice.
  [[nodiscard]] static Arguments parse(std::span<const std::string> words, std::span<const Option> options);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& positionals() const noexcept { return m_positionals; }

private:
  std::vector<std::pair<std::string_view, std::string>> m_options;
  std::vector<std::string> m_positionals;
};

// The candidate that differs from `word` by at most two typing errors, or nullopt.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

} // namespace twcard::cli
