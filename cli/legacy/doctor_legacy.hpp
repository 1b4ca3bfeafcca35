// What `twcard doctor` finds out about the old local interfaces (docs/dialects/setup.md): whether they are on, and what
// is missing for those that are. Changes nothing, opens no connection and needs no service.
#pragma once

#include "cli/system/finding.hpp"
#include "driver/base/text.hpp"

#include <vector>

namespace twcard::cli {

// Their forms have `check` ("interface", "port", "certificate", "browser", "hosts", "card_profile", "settings"),
// `subject` and `state`.
[[nodiscard]] std::vector<Finding> diagnose_legacy(Language language);

} // namespace twcard::cli
