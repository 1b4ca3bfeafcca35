// Where the members of a JSON text are, for messages to the person who wrote it: Boost.JSON's values do not know it.
#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace twcard::card {

inline constexpr std::size_t max_json_file_depth = 8;

// A text that is no JSON, has a member twice, or is nested deeper than eight levels. Lines are counted from 1.
class JsonFault final : public std::runtime_error {
public:
  JsonFault(std::size_t line, std::string field, const std::string& what)
      : std::runtime_error(what), m_line(line), m_field(std::move(field)) {}
  [[nodiscard]] std::size_t line() const noexcept { return m_line; }
  [[nodiscard]] const std::string& field() const noexcept { return m_field; }

private:
  std::size_t m_line;
  std::string m_field;
};

// Line of each value by its path ("transport_keys[0]"; the text as a whole is ""), for a text that is JSON.
// Throws JsonFault for one that is not.
[[nodiscard]] std::map<std::string, std::size_t> lines_of_json(std::string_view text);

} // namespace twcard::card
