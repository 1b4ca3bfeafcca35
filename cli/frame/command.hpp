// A command of the program: its help, its options, its work. Each has a file of its own.
#pragma once

#include "cli/frame/arguments.hpp"
#include "cli/frame/exit_code.hpp"
#include "driver/base/text.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace twcard::cli {

// What holds for every command.
struct Context {
  Language language = Language::English;
  bool json = false;
  bool may_start = true; // start the services when none answers
};

struct Command {
  std::string_view name;     // one word, or two: "setup legacy"
  std::string_view synopsis; // what follows the name: "FILE [--out FILE.sig]"
  Text summary;              // one line
  Text details;              // more lines for its own --help
  std::vector<Option> options;
  std::size_t positionals = 0; // words beside options
  // Throws Error for what the service reports, Failure for the rest.
  ExitCode (*run)(const Context& context, const Arguments& arguments);
  std::size_t optional_positionals = 0; // so many more words may follow
};

extern const Command status_command;
extern const Command readers_command;
extern const Command doctor_command;
extern const Command read_command;
extern const Command certs_command;
extern const Command sign_command;
extern const Command verify_command;
extern const Command events_command;
extern const Command grants_command;
extern const Command grants_revoke_command;
extern const Command setup_command;
extern const Command setup_legacy_command;

[[nodiscard]] std::span<const Command* const> all_commands();
// Options that every command takes: --json, --no-start, --help.
[[nodiscard]] std::span<const Option> common_options();

} // namespace twcard::cli
