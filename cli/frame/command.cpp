#include "cli/frame/command.hpp"

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
      {"--json", "", {"print JSON, errors too, for programs", "輸出 JSON（包括錯誤），供程式使用"}},
      {"--no-start", "", {"do not start the services when they do not run", "服務未執行時不自動啟動"}},
      {"--help", "", {"print this help", "顯示說明"}},
  }};
  return options;
}

} // namespace twcard::cli
