#include "cli/frame/program.hpp"

#include "cli/frame/help.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"
#include "rpc/error_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

const Command* command_named(std::string_view name) {
  const auto commands = all_commands();
  const auto found = std::ranges::find(commands, name, [](const auto* command) { return command->name; });
  return found == commands.end() ? nullptr : *found;
}

const Command& find_command(const std::string& name) {
  if (const auto* command = command_named(name)) return *command;
  std::vector<std::string_view> names;
  for (const auto* command : all_commands()) names.push_back(command->name);
  const auto guess = nearest(name, names);
  if (guess) throw usage_error(texts::usage::unknown_command_like, escaped(name), *guess);
  throw usage_error(texts::usage::unknown_command, escaped(name));
}

ExitCode run_command(const Command& command, Context& context, std::span<const std::string> words) {
  std::vector<Option> options(command.options);
  options.insert(options.end(), common_options().begin(), common_options().end());
  const auto arguments = Arguments::parse(words, options);
  if (arguments.has("--help")) {
    print(command_help(command, context.language));
    return ExitCode::Ok;
  }
  context.may_start = !arguments.has("--no-start");
  const auto words_beside = arguments.positionals().size();
  if (words_beside < command.positionals || words_beside > command.positionals + command.optional_positionals)
    throw usage_error(texts::usage::of_command, command.name, command.synopsis);
  return command.run(context, arguments);
}

// The command is the first word that is no option, with the next one where the two are a command; options may stand
// before it.
ExitCode dispatch(Context& context, std::vector<std::string> words) {
  const auto command =
      std::find_if(words.begin(), words.end(), [](const auto& word) { return !word.starts_with('-'); });
  if (command == words.end()) {
    constexpr Option version{"--version", "", {}};
    std::vector<Option> options(common_options().begin(), common_options().end());
    options.push_back(version);
    const auto arguments = Arguments::parse(words, options);
    if (arguments.has("--version")) {
      print(fmt::format("twcard {}\n", TWCARD_VERSION));
      return ExitCode::Ok;
    }
    if (arguments.has("--help")) {
      print(program_help(context.language));
      return ExitCode::Ok;
    }
    throw usage_error(texts::usage::no_command);
  }
  const std::string name = *command;
  const auto after = words.erase(command);
  if (after != words.end())
    if (const auto* longer = command_named(name + " " + *after)) {
      words.erase(after);
      return run_command(*longer, context, words);
    }
  return run_command(find_command(name), context, words);
}

} // namespace

ExitCode run_program(std::span<const std::string> words) noexcept {
  Context context;
  context.language = rpc::language_of_locale().value_or(Language::English);
  // Known before the command line is checked: an error in the command line is also reported as JSON.
  context.json = std::find(words.begin(), words.end(), "--json") != words.end();
  try {
    return dispatch(context, {words.begin(), words.end()});
  } catch (const Error& error) {
    return report(context, error);
  } catch (const Failure& failure) {
    return report(context, failure);
  } catch (const std::exception& unexpected) {
    return report(context, Error(Errc::Internal, unexpected.what()));
  }
}

} // namespace twcard::cli
