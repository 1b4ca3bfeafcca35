#include "rpc/language.hpp"

#include <cstdlib>

namespace twcard::rpc {

Language language_of(std::string_view tag) {
  if (!tag.starts_with("zh")) return Language::English;
  return tag.size() == 2 || tag[2] == '-' || tag[2] == '_' || tag[2] == '.' ? Language::TraditionalChinese
                                                                            : Language::English;
}

std::optional<Language> language_of_locale() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') return language_of(value);
  return std::nullopt;
}

} // namespace twcard::rpc
