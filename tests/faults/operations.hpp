// Twelve things that a client asks of twcardd, each with its own way to the card, each complete in itself.
#pragma once

#include "tests/faults/faulty_service.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace twcard::tests {

struct Operation {
  std::string_view name;
  bool sends_pin = false;
  // Throws Error as the service answers, std::runtime_error for an answer that is not right.
  std::function<void()> carry_out;
};

// The cards of `--cards hicos,nhi` are in their readers; the person approves.
[[nodiscard]] std::vector<Operation> operations(FaultyService& service);

} // namespace twcard::tests
