// The thread that waits for readers and cards to come and go. It does not poll: only while the PC/SC service cannot be
// reached does it try again, after 0.25 s, then after pauses that double up to 2 s.
#pragma once

#include "driver/base/error.hpp"
#include "driver/reader/reader_source.hpp"

#include <functional>
#include <memory>
#include <thread>
#include <variant>
#include <vector>

namespace twcard::service {

class ReaderMonitor final {
public:
  // All readers as they are now, or why they cannot be known (reported once, until they can be again).
  using Report = std::variant<std::vector<reader::ReaderState>, Error>;

  // Begins at once. `tell` is called on the monitor's thread, first for what is there at the beginning.
  ReaderMonitor(reader::ReaderSource& source, std::function<void(Report)> tell);
  ~ReaderMonitor(); // stop()
  ReaderMonitor(const ReaderMonitor&) = delete;
  ReaderMonitor& operator=(const ReaderMonitor&) = delete;

  // Ends every wait and the thread; `tell` is not called any more. Cancels `source` for good.
  void stop() noexcept;

private:
  struct Pause;
  void watch();

  reader::ReaderSource& m_source;
  std::function<void(Report)> m_tell;
  std::unique_ptr<Pause> m_pause;
  std::thread m_thread;
};

} // namespace twcard::service
