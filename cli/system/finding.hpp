// A row of `twcard doctor`, whatever it looked at.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace twcard::cli {

struct Finding {
  enum class Level {
    Fine,
    Advice, // all works, but for what `text` says
    Fault
  };
  Level level = Level::Fine;
  std::string subject; // what was looked at, safe for a terminal; may be empty
  std::string text;    // what was found, likewise
  std::string advice;  // empty when there is nothing to do; not yet safe for a terminal
  // The row for programs (docs/cli.md, "twcard doctor"), but for `level` and `repair`, which are the members above.
  boost::json::object form{};
};

} // namespace twcard::cli
