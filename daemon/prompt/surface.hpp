// Where a pinentry shows its dialog: environment variables and Assuan options made of a request's `ui` and of this
// process's own environment.
#pragma once

#include "daemon/prompt/prompt_request.hpp"

#include <string>
#include <utility>
#include <vector>

namespace twcard::prompt {

struct ChildSurface {
  std::vector<std::pair<std::string, std::string>> environment; // an empty value: to be unset
  std::vector<std::string> options;                             // "ttyname=/dev/pts/1"
};

[[nodiscard]] ChildSurface child_surface(const Surface& surface);

// The request's language, else that of LC_ALL, LC_MESSAGES or LANG of this process.
[[nodiscard]] Language language_for(const Surface& surface);

} // namespace twcard::prompt
