// Names of a protocol with what they are called before people.
#pragma once

#include "driver/base/text.hpp"

#include <algorithm>
#include <array>

namespace twcard::cli::texts {

struct Named {
  std::string_view name;
  Text text;
};

// A name that only a newer service knows is shown as it is: not yet safe for a terminal.
template <std::size_t Size>
[[nodiscard]] std::string_view text_named(const std::array<Named, Size>& table, std::string_view name,
                                          Language language) {
  const auto* row = std::ranges::find(table, name, &Named::name);
  return row == table.end() ? name : row->text.in(language);
}

} // namespace twcard::cli::texts
