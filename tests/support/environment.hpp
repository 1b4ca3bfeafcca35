// A variable of this process's environment during a test.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace twcard::testing {

// Sets or (nullptr) unsets it, and puts it back at the end.
class Environment final {
public:
  Environment(const char* name, const char* value) : m_name(name) {
    if (const char* old = std::getenv(name)) m_old = old;
    set(value);
  }
  ~Environment() { set(m_old ? m_old->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

private:
  void set(const char* value) const { value != nullptr ? ::setenv(m_name, value, 1) : ::unsetenv(m_name); }
  const char* m_name;
  std::optional<std::string> m_old;
};

} // namespace twcard::testing
