// What every simulated card says and asks about a command.
#pragma once

#include "driver/apdu/command_apdu.hpp"
#include "simulator/cards/status_words.hpp"

namespace twcard::simulator {

// An answer without data.
[[nodiscard]] inline apdu::ResponseApdu only(apdu::StatusWord status) {
  return {{}, status};
}

[[nodiscard]] inline unsigned p1p2(const apdu::CommandApdu& command) {
  return static_cast<unsigned>(command.p1 << 8 | command.p2);
}

} // namespace twcard::simulator
