// The program behind main(): finds the command, runs it, says what went wrong.
#pragma once

#include "cli/frame/exit_code.hpp"

#include <span>
#include <string>

namespace twcard::cli {

// `words` is the command line without the program's name. Never throws.
[[nodiscard]] ExitCode run_program(std::span<const std::string> words) noexcept;

} // namespace twcard::cli
