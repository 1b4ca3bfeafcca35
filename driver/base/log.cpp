#include "driver/base/log.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace twcard::log {

namespace {

Level threshold_from_environment() {
  const char* value = std::getenv("TWCARD_LOG");
  const std::string_view wanted = value != nullptr ? value : "";
  if (wanted == "error") return Level::Error;
  if (wanted == "warning") return Level::Warning;
  if (wanted == "debug") return Level::Debug;
  return Level::Info;
}

} // namespace

bool enabled(Level level) noexcept {
  static const Level threshold = threshold_from_environment();
  return level <= threshold;
}

void write(Level level, std::string_view area, std::string_view text) noexcept {
  if (!enabled(level)) return;
  try {
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    std::string line = journal ? fmt::format("<{}>", static_cast<int>(level)) : std::string();
    line += fmt::format("{}: {}\n", area, text);
    // One write per line, so that lines of several threads do not mix.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  } catch (const std::exception&) {
    // A log line that cannot be made must not become a second fault.
  }
}

} // namespace twcard::log
