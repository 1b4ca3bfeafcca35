// Keeps every signal away from a child between fork and exec. Until exec the child still has the handlers of this
// process and shares their self-pipe, so that a SIGTERM meant for the child would stop this process instead.
#pragma once

#include <csignal>

namespace twcard::prompt {

// While it lives, no signal is delivered to the calling thread, nor to a child that the thread forks.
class HeldSignals final {
public:
  HeldSignals() noexcept;
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // In the child, before exec: default handlers for all signals, then none is held. Async-signal-safe.
  static void restore_in_child() noexcept;

private:
  sigset_t m_before{};
};

} // namespace twcard::prompt
