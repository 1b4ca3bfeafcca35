// --help: of the program and of each command, made from the commands' own tables.
#pragma once

#include "cli/frame/command.hpp"

#include <string>

namespace twcard::cli {

[[nodiscard]] std::string program_help(rpc::Language language);
[[nodiscard]] std::string command_help(const Command& command, rpc::Language language);

} // namespace twcard::cli
