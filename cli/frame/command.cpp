#include "cli/frame/command.hpp"

#include "cli/texts/program.hpp"

#include <array>

namespace twcard::cli {

std::span<const Command* const> all_commands() {
  static constexpr std::array<const Command*, 12> commands{
      &status_command, &doctor_command,        &readers_command, &read_command,
      &certs_command,  &sign_command,          &verify_command,  &events_command,
      &grants_command, &grants_revoke_command, &setup_command,   &setup_legacy_command};
  return commands;
}

std::span<const Option> common_options() {
  static constexpr std::array<Option, 3> options{{
      {"--json", "", texts::option::json},
      {"--no-start", "", texts::option::no_start},
      {"--help", "", texts::option::help},
  }};
  return options;
}

} // namespace twcard::cli
