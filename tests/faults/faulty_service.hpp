// A twcardd of the test's own on the faulty PC/SC library, inside scripts/with-stack. While it lives, the helpers of
// tests/system/stack.hpp speak to it, and the stack's own twcardd is stopped.
#pragma once

#include "tests/faults/control.hpp"

#include <chrono>
#include <string>
#include <sys/types.h>

namespace twcard::tests {

class FaultyService final {
public:
  static constexpr std::uint32_t every_time = 0xFFFFFFFF;

  // `card_limit` is the service's deadline for a card operation.
  explicit FaultyService(std::chrono::seconds card_limit);
  ~FaultyService();
  FaultyService(const FaultyService&) = delete;
  FaultyService& operator=(const FaultyService&) = delete;

  // The calls of this kind behind the first `passing` fail, `times` of them; `clear` ends that and lets blocked calls
  // go.
  void fail(PcscCall call, std::int64_t code, std::uint32_t passing = 0, std::uint32_t times = every_time);
  // How often it has, since fail().
  [[nodiscard]] std::uint32_t hits() const { return m_control->hits; }
  void clear();

  // Starts the service; returns when it answers, which it does before it knows its cards.
  void start();
  // True when it ended by itself, with status 0, within 12 s.
  bool stop();
  [[nodiscard]] std::size_t threads() const;
  [[nodiscard]] std::size_t descriptors() const;
  [[nodiscard]] bool running() const;

private:
  FaultControl* m_control = nullptr;
  std::string m_control_file;
  std::string m_socket;
  std::chrono::seconds m_card_limit;
  pid_t m_process = 0;
};

} // namespace twcard::tests
