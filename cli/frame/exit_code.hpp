// What the program's exit status means. Part of the interface: docs/cli.md, "Exit status".
#pragma once

#include "driver/base/error.hpp"
#include "driver/base/text.hpp"

#include <span>

namespace twcard::cli {

enum class ExitCode {
  Ok = 0,
  Failed = 1,             // the operation failed
  Usage = 2,              // the command line is wrong
  NoCard = 3,             // no card or reader that fits
  Refused = 4,            // the user refused or cancelled
  Pin = 5,                // PIN wrong, blocked or of the wrong length
  ServiceUnavailable = 6, // twcardd, twcard-prompt or pcscd cannot be reached
  NotVerified = 7,        // `verify`: the signature or the certificate does not hold
};

[[nodiscard]] ExitCode exit_code_of(Errc code);

struct ExitCodeMeaning {
  ExitCode code;
  Text text;
};
// All codes with their meaning, for --help.
[[nodiscard]] std::span<const ExitCodeMeaning> exit_code_meanings();

} // namespace twcard::cli
