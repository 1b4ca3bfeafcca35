// What people call a card, in both languages of the project: for prompts and the command line alike.
#pragma once

#include "driver/base/text.hpp"

#include <string_view>

namespace twcard::rpc {

// `kind` and `holder` as in docs/service-protocol.md, "status"; empty where they are not known. "card" for another
// kind.
[[nodiscard]] std::string_view card_name(std::string_view kind, std::string_view holder, Language language);

} // namespace twcard::rpc
