// What `twcard doctor` finds out about the old local interfaces (docs/dialects/setup.md): whether they are on, and what
// is missing for those that are. Changes nothing, opens no connection and needs no service.
#pragma once

#include "rpc/error_text.hpp"

#include <string>
#include <vector>

namespace twcard::cli {

struct LegacyFinding {
  enum class Level {
    Fine,
    Advice, // all works, but for what `text` says
    Fault
  };
  Level level = Level::Fine;
  // For programs: "interface" (`subject` its name), "port" (its number), "certificate", "browser" (the database's
  // folder), "hosts" (the name), "card_profile", "settings".
  std::string check;
  std::string subject;
  std::string state; // docs/cli.md, "twcard doctor"
  std::string text;
  std::string repair; // empty when there is nothing to do
};

[[nodiscard]] std::vector<LegacyFinding> diagnose_legacy(rpc::Language language);

} // namespace twcard::cli
