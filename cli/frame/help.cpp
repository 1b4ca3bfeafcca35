#include "cli/frame/help.hpp"

#include "cli/frame/terminal_text.hpp"

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

std::vector<Row> rows_of(std::span<const Option> options, rpc::Language language) {
  std::vector<Row> rows;
  for (const auto& option : options)
    rows.push_back({option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value),
                    option.help.in(language)});
  return rows;
}

std::string exit_status(rpc::Language language) {
  std::vector<Row> rows;
  for (const auto& meaning : exit_code_meanings())
    rows.push_back({fmt::format("{}", static_cast<int>(meaning.code)), meaning.text.in(language)});
  return fmt::format("{}\n{}", Text{"Exit status:", "結束狀態："}.in(language), table(rows));
}

} // namespace

std::string program_help(rpc::Language language) {
  std::vector<Row> commands;
  for (const auto* command : all_commands())
    commands.push_back({std::string(command->name), command->summary.in(language)});
  auto options = rows_of(common_options(), language);
  options.push_back({"--version", Text{"print the version", "顯示版本"}.in(language)});
  return fmt::format(
      "{}\n\n{}twcard {}\n\n{}\n{}\n{}\n{}\n{}\n{}\n",
      Text{"twcard: NHI cards and certificate cards on this computer.", "twcard：在這台電腦上使用健保卡與憑證卡。"}.in(
          language),
      Text{"Usage: ", "用法："}.in(language), Text{"COMMAND [options]", "指令 [選項]"}.in(language),
      Text{"Commands:", "指令："}.in(language), table(commands), Text{"Options:", "選項："}.in(language),
      table(options), exit_status(language),
      Text{"Try first: twcard status. More about a command: twcard COMMAND --help",
           "可先試：twcard status。個別指令的說明：twcard 指令 --help"}
          .in(language));
}

std::string command_help(const Command& command, rpc::Language language) {
  auto options = rows_of(command.options, language);
  for (auto& row : rows_of(common_options(), language)) options.push_back(std::move(row));
  return fmt::format("{}twcard {}{}{}\n\n{}\n\n{}\n{}\n{}", Text{"Usage: ", "用法："}.in(language), command.name,
                     command.synopsis.empty() ? "" : " ", command.synopsis, command.details.in(language),
                     Text{"Options:", "選項："}.in(language), table(options), exit_status(language));
}

} // namespace twcard::cli
