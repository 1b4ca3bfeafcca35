#include "daemon/card/reader_monitor.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace twcard::service {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_pause{250};
constexpr milliseconds longest_pause{2000};

} // namespace

struct ReaderMonitor::Pause {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;

  // False when the monitor is to stop.
  bool sleep_for(milliseconds time) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, time, [this] { return stopping; });
  }
};

ReaderMonitor::ReaderMonitor(reader::ReaderSource& source, std::function<void(Report)> tell)
    : m_source(source), m_tell(std::move(tell)), m_pause(std::make_unique<Pause>()), m_thread([this] { watch(); }) {}

ReaderMonitor::~ReaderMonitor() {
  stop();
}

void ReaderMonitor::stop() noexcept {
  {
    const std::lock_guard lock(m_pause->mutex);
    m_pause->stopping = true;
    m_pause->changed.notify_all();
  }
  m_source.cancel();
  if (m_thread.joinable()) m_thread.join();
}

void ReaderMonitor::watch() {
  auto pause = first_pause;
  bool failure_told = false;
  std::optional<std::vector<reader::ReaderState>> known;
  for (;;) {
    try {
      if (!known) {
        known = m_source.list();
      } else {
        known = m_source.wait_for_change(*known);
        if (!known) return; // cancelled
      }
      pause = first_pause;
      failure_told = false;
      m_tell(*known);
    } catch (const Error& error) {
      known.reset();
      // A new one, because the texts of copies are shared, and this one ends in another thread than that one.
      if (!std::exchange(failure_told, true)) m_tell(Error(error.code(), error.what()));
      if (!m_pause->sleep_for(pause)) return;
      pause = std::min(pause * 2, longest_pause);
    }
  }
}

} // namespace twcard::service
