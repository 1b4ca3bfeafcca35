#include "cli/frame/arguments.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"

#include <algorithm>
#include <numeric>

namespace twcard::cli {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

Failure unknown_option(std::string_view name, std::span<const Option> options) {
  std::vector<std::string_view> names;
  for (const auto& option : options) names.push_back(option.name);
  const auto guess = nearest(name, names);
  if (guess) return usage_error(texts::usage::unknown_option_like, escaped(name), *guess);
  return usage_error(texts::usage::unknown_option, escaped(name));
}

} // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = 3;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

Arguments Arguments::parse(std::span<const std::string> words, std::span<const Option> options) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i] == "-h" ? "--help" : std::string_view(words[i]);
    if (word == "--") {
      arguments.m_positionals.insert(arguments.m_positionals.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                     words.end());
      break;
    }
    if (word.size() < 2 || word.front() != '-') {
      arguments.m_positionals.emplace_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto option = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
    if (option == options.end()) throw unknown_option(name, options);
    if (!option->repeats && arguments.has(name)) throw usage_error(texts::usage::option_twice, name);
    if (option->value.empty()) {
      if (equals != std::string_view::npos) throw usage_error(texts::usage::no_value, name);
      arguments.m_options.emplace_back(option->name, "");
    } else if (equals != std::string_view::npos) {
      arguments.m_options.emplace_back(option->name, word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      arguments.m_options.emplace_back(option->name, words[++i]);
    } else {
      throw usage_error(texts::usage::needs_value, name, option->value);
    }
  }
  return arguments;
}

bool Arguments::has(std::string_view name) const {
  return std::any_of(m_options.begin(), m_options.end(), [&](const auto& option) { return option.first == name; });
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  for (const auto& [option, value] : m_options)
    if (option == name) return value;
  return std::nullopt;
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [option, value] : m_options)
    if (option == name) found.push_back(value);
  return found;
}

} // namespace twcard::cli
