// What goes wrong in this program itself, said to the person: a wrong command line, a file that cannot be read. What
// the service reports stays a twcard::Error.
#pragma once

#include "cli/frame/exit_code.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace twcard::cli {

class Failure final : public std::runtime_error {
public:
  // `code` is the stable name in --json output.
  Failure(ExitCode exit_code, std::string code, const std::string& en, std::string zh)
      : std::runtime_error(en), m_exit_code(exit_code), m_code(std::move(code)), m_zh(std::move(zh)) {}

  [[nodiscard]] ExitCode exit_code() const noexcept { return m_exit_code; }
  [[nodiscard]] const std::string& code() const noexcept { return m_code; }
  [[nodiscard]] std::string en() const { return what(); }
  [[nodiscard]] const std::string& zh() const noexcept { return m_zh; }

private:
  ExitCode m_exit_code;
  std::string m_code;
  std::string m_zh;
};

[[nodiscard]] inline Failure usage_error(const std::string& en, std::string zh) {
  return {ExitCode::Usage, "bad_request", en, std::move(zh)};
}
[[nodiscard]] inline Failure file_error(const std::string& en, std::string zh) {
  return {ExitCode::Failed, "file_error", en, std::move(zh)};
}

} // namespace twcard::cli
