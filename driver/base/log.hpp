// Log lines to standard error, for journald: one line per event, a syslog priority in front when the journal reads it.
// A line holds opcodes, status words, durations, reader names, error codes and sites' origins; never card bodies, PINs,
// names or numbers of people (control C28 of SECURITY.md).
#pragma once

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace twcard::log {

enum class Level { Error = 3, Warning = 4, Info = 6, Debug = 7 };

// Lines above this level are dropped. Info unless the environment variable TWCARD_LOG says error, warning or debug.
[[nodiscard]] bool enabled(Level level) noexcept;
void write(Level level, std::string_view area, std::string_view text) noexcept;

template <typename... Args>
void error(std::string_view area, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Error, area, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(std::string_view area, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Warning, area, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(std::string_view area, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Info)) write(Level::Info, area, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void debug(std::string_view area, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Debug)) write(Level::Debug, area, fmt::format(format, std::forward<Args>(args)...));
}

} // namespace twcard::log
