#include "driver/card/profile/json_lines.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace twcard::card {

namespace {

using boost::json::error_code;
using boost::json::string_view;

// Receives the parts of the text as Boost.JSON's parser finds them (a SAX handler, hence its many members), and notes
// where each value is. The parser is given one line at a time, so that the line is known here.
class LineNoter final {
public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::size_t line = 0;
  std::map<std::string, std::size_t> lines;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return note() && open(false); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code&) { return note() && open(true); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    m_key.append(part.data(), part.size());
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code&) {
    m_key.append(part.data(), part.size());
    m_levels.back().member = std::exchange(m_key, {});
    return true;
  }
  bool on_string_part(string_view, std::size_t, error_code&) { return true; }
  bool on_string(string_view, std::size_t, error_code&) { return note(); }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, string_view, error_code&) { return note(); }
  bool on_uint64(std::uint64_t, string_view, error_code&) { return note(); }
  bool on_double(double, string_view, error_code&) { return note(); }
  bool on_bool(bool, error_code&) { return note(); }
  bool on_null(error_code&) { return note(); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

private:
  struct Level {
    bool array = false;
    std::size_t count = 0; // values of the array so far
    std::string member;    // of the object, the present one
  };

  [[nodiscard]] std::string path() const {
    std::string path;
    for (const auto& level : m_levels) {
      if (level.array) {
        path += fmt::format("[{}]", level.count - 1);
      } else {
        path += (path.empty() ? "" : ".") + level.member;
      }
    }
    return path;
  }

  bool note() {
    if (!m_levels.empty()) ++m_levels.back().count;
    const auto where = path();
    if (!lines.emplace(where, line).second) throw JsonFault(line, where, "it is there twice");
    return true;
  }
  bool open(bool array) {
    m_levels.push_back({array, 0, {}});
    return true;
  }
  bool close() {
    m_levels.pop_back();
    return true;
  }

  std::vector<Level> m_levels;
  std::string m_key;
};

} // namespace

std::map<std::string, std::size_t> lines_of_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = max_json_file_depth;
  boost::json::basic_parser<LineNoter> parser(options);
  auto& noter = parser.handler();

  const auto feed = [&parser, &noter](bool more, std::string_view part) {
    error_code error;
    const auto taken = parser.write_some(more, part.data(), part.size(), error);
    if (error) throw JsonFault(noter.line, "", error.message());
    if (taken < part.size()) throw JsonFault(noter.line, "", "something after the end of the JSON text");
  };
  while (!text.empty()) {
    ++noter.line;
    const auto size = std::min(text.find('\n'), text.size() - 1) + 1;
    feed(true, text.substr(0, size));
    text.remove_prefix(size);
  }
  feed(false, {});
  return std::move(noter.lines);
}

} // namespace twcard::card
