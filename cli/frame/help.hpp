// --help: of the program and of each command, made from the commands' own tables.
#pragma once

#include "cli/frame/command.hpp"

#include <string>

namespace twcard::cli {

[[nodiscard]] std::string program_help(Language language);
[[nodiscard]] std::string command_help(const Command& command, Language language);

} // namespace twcard::cli
