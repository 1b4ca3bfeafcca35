#include "cli/frame/help.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

struct Row {
  std::string name;
  std::string_view text;
};

std::string table(const std::vector<Row>& rows) {
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, display_width(row.name));
  std::string out;
  for (const auto& row : rows) out += fmt::format("  {}  {}\n", padded(row.name, widest), row.text);
  return out;
}

std::vector<Row> rows_of(std::span<const Option> options, Language language) {
  std::vector<Row> rows;
  for (const auto& option : options)
    rows.push_back({option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value),
                    option.help.in(language)});
  return rows;
}

std::string exit_status(Language language) {
  std::vector<Row> rows;
  for (const auto& meaning : exit_code_meanings())
    rows.push_back({fmt::format("{}", static_cast<int>(meaning.code)), meaning.text.in(language)});
  return fmt::format("{}\n{}", texts::help::exit_status.in(language), table(rows));
}

} // namespace

std::string program_help(Language language) {
  std::vector<Row> commands;
  for (const auto* command : all_commands())
    commands.push_back({std::string(command->name), command->summary.in(language)});
  auto options = rows_of(common_options(), language);
  options.push_back({"--version", texts::option::version.in(language)});
  return fmt::format("{}\n\n{}\n\n{}\n{}\n{}\n{}\n{}\n{}\n", texts::help::about.in(language),
                     texts::help::usage.in(language, texts::help::any_command.in(language)),
                     texts::help::commands.in(language), table(commands), texts::help::options.in(language),
                     table(options), exit_status(language), texts::help::try_first.in(language));
}

std::string command_help(const Command& command, Language language) {
  auto options = rows_of(command.options, language);
  for (auto& row : rows_of(common_options(), language)) options.push_back(std::move(row));
  const auto words = fmt::format("{}{}{}", command.name, command.synopsis.empty() ? "" : " ", command.synopsis);
  return fmt::format("{}\n\n{}\n\n{}\n{}\n{}", texts::help::usage.in(language, words), command.details.in(language),
                     texts::help::options.in(language), table(options), exit_status(language));
}

} // namespace twcard::cli
