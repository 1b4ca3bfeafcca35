// In which language to speak to the person.
#pragma once

#include "driver/base/text.hpp"

#include <optional>
#include <string_view>

namespace twcard::rpc {

// "zh", "zh-TW", "zh_TW.UTF-8", "zh-Hant" and the like are Traditional Chinese, everything else English.
[[nodiscard]] Language language_of(std::string_view tag);
// By LC_ALL, LC_MESSAGES or LANG of this process: the first that is not empty decides (POSIX). nullopt without any.
[[nodiscard]] std::optional<Language> language_of_locale();

} // namespace twcard::rpc
