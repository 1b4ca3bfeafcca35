// Whether a card profile of a kind is installed, found without the service. Source: docs/card-profiles.md.
#pragma once

#include <string_view>

namespace twcard::cli {

// Looks where twcardd does. A file that cannot be read or is no JSON does not count; `twcard status` tells its fault.
[[nodiscard]] bool has_card_profile(std::string_view kind);

} // namespace twcard::cli
