// The thread that waits for readers and cards to come and go. It does not poll: only while the PC/SC service cannot be
// reached does it try again, after 0.25 s, then after pauses that double up to 2 s. A failure that does not mean the
// loss of the PC/SC service is reported only when it lasts.
#pragma once

#include "driver/base/error.hpp"
#include "driver/reader/reader_source.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

namespace twcard::service {

class ReaderMonitor final {
public:
  // All readers as they are now, or why they cannot be known (reported once, until they can be again).
  using Report = std::variant<std::vector<reader::ReaderState>, Error>;

  // Begins at once. `tell` is called on the monitor's thread, first for what is there at the beginning.
  ReaderMonitor(reader::ReaderSource& source, std::function<void(Report)> tell);
  ~ReaderMonitor(); // stop(), without a limit
  ReaderMonitor(const ReaderMonitor&) = delete;
  ReaderMonitor& operator=(const ReaderMonitor&) = delete;

  // Ends every wait and the thread; `tell` is not called any more. Cancels `source` for good. False when PC/SC still
  // holds the thread at the deadline.
  [[nodiscard]] bool stop(std::chrono::steady_clock::time_point deadline) noexcept;

private:
  struct State;

  std::shared_ptr<State> m_state;
};

} // namespace twcard::service
