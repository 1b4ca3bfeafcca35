#include "daemon/prompt/surface.hpp"

#include "rpc/error_text.hpp"

#include <cstdlib>

namespace twcard::prompt {

namespace {

std::string own(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : "";
}

} // namespace

ChildSurface child_surface(const Surface& surface) {
  const std::string display = surface.display.value_or(own("DISPLAY"));
  const std::string tty = surface.tty.value_or(own("GPG_TTY"));
  const std::string term = surface.term.value_or(own("TERM"));

  ChildSurface child;
  child.environment = {{"DISPLAY", display},
                       {"WAYLAND_DISPLAY", surface.wayland_display.value_or(own("WAYLAND_DISPLAY"))},
                       {"XAUTHORITY", surface.xauthority.value_or(own("XAUTHORITY"))},
                       {"GPG_TTY", tty},
                       {"TERM", term}};
  if (!display.empty()) child.options.push_back("display=" + display);
  if (!tty.empty()) child.options.push_back("ttyname=" + tty);
  if (!term.empty()) child.options.push_back("ttytype=" + term);
  // The texts are UTF-8 whatever the person's locale is, and this locale exists on every Debian 12 system.
  child.options.emplace_back("lc-ctype=C.UTF-8");
  const bool chinese = language_for(surface) == Language::TraditionalChinese;
  child.options.emplace_back(chinese ? "lc-messages=zh_TW.UTF-8" : "lc-messages=en_US.UTF-8");
  return child;
}

Language language_for(const Surface& surface) {
  if (surface.language) return rpc::language_of(*surface.language);
  return rpc::language_of_locale().value_or(Language::English);
}

} // namespace twcard::prompt
