#include "driver/reader/reader_names.hpp"

#include "driver/base/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::reader {

std::vector<std::string> shown_names(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const auto& name : names) {
    const auto text = valid_utf8(name);
    auto shown = text;
    // A valid name, wherever it stands, is not given to another reader.
    const auto taken = [&] {
      const bool by_other = shown != name && std::ranges::find(names, shown) != names.end();
      return by_other || std::ranges::find(all, shown) != all.end();
    };
    for (unsigned number = 2; taken(); ++number) shown = fmt::format("{} ({})", text, number);
    all.push_back(shown);
  }
  return all;
}

std::string name_shown_as(const std::string& shown, const std::vector<std::string>& names) {
  const auto all = shown_names(names);
  const auto found = std::ranges::find(all, shown);
  return found == all.end() ? shown : names[static_cast<std::size_t>(found - all.begin())];
}

} // namespace twcard::reader
