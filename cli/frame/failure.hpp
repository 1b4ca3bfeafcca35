// What goes wrong in this program itself, said to the person: a wrong command line, a file that cannot be read. What
// the service reports stays a twcard::Error.
#pragma once

#include "cli/frame/exit_code.hpp"

#include <stdexcept>
#include <string>
#include <type_traits>

namespace twcard::cli {

class Failure final : public std::runtime_error {
public:
  // `code` is the stable name in --json output.
  Failure(ExitCode exit_code, std::string_view code, Text text)
      : std::runtime_error(std::string(text.en)), m_exit_code(exit_code), m_code(code), m_zh(text.zh) {}
  template <typename... Args>
  Failure(ExitCode exit_code, std::string_view code, const TextWith<Args...>& text,
          const std::type_identity_t<Args>&... args)
      : std::runtime_error(text.in(Language::English, args...)), m_exit_code(exit_code), m_code(code),
        m_zh(text.in(Language::TraditionalChinese, args...)) {}

  [[nodiscard]] ExitCode exit_code() const noexcept { return m_exit_code; }
  [[nodiscard]] const std::string& code() const noexcept { return m_code; }
  [[nodiscard]] std::string in(Language language) const {
    return language == Language::TraditionalChinese ? m_zh : what();
  }

private:
  ExitCode m_exit_code;
  std::string m_code;
  std::string m_zh;
};

[[nodiscard]] inline Failure usage_error(Text text) {
  return {ExitCode::Usage, "bad_request", text};
}
template <typename... Args>
[[nodiscard]] Failure usage_error(const TextWith<Args...>& text, const std::type_identity_t<Args>&... args) {
  return {ExitCode::Usage, "bad_request", text, args...};
}
[[nodiscard]] inline Failure file_error(Text text) {
  return {ExitCode::Failed, "file_error", text};
}
template <typename... Args>
[[nodiscard]] Failure file_error(const TextWith<Args...>& text, const std::type_identity_t<Args>&... args) {
  return {ExitCode::Failed, "file_error", text, args...};
}

} // namespace twcard::cli
