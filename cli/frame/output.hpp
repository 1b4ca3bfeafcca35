// Standard output and the forms that errors take on it.
#pragma once

#include "cli/frame/command.hpp"
#include "cli/frame/failure.hpp"

#include <boost/json/object.hpp>
#include <string_view>

namespace twcard::cli {

// To standard output, at once. Throws a file Failure when it cannot be written (a full disk).
void print(std::string_view text);
// One JSON text and a newline.
void print_json(const boost::json::object& object);
// For the person, to standard error; nothing with --json.
void tell(const Context& context, std::string_view text);
inline void tell(const Context& context, const Text& text) {
  tell(context, text.in(context.language));
}

// Says what went wrong: `twcard: …` and a hint on standard error, or {"error": …} on standard output with --json.
// Gives the exit code that belongs to it.
[[nodiscard]] ExitCode report(const Context& context, const Error& error) noexcept;
[[nodiscard]] ExitCode report(const Context& context, const Failure& failure) noexcept;

} // namespace twcard::cli
