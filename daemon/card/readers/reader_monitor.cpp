#include "daemon/card/readers/reader_monitor.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace twcard::service {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds first_pause{250};
constexpr milliseconds longest_pause{2000};

} // namespace

struct ReaderMonitor::State {
  State(reader::ReaderSource& its_source, std::function<void(Report)> its_tell)
      : source(its_source), tell(std::move(its_tell)) {}

  reader::ReaderSource& source;
  std::function<void(Report)> tell; // the thread's
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool stopped = false;

  // False when the monitor is to stop.
  bool sleep_for(milliseconds time) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, time, [this] { return stopping; });
  }

  void watch() {
    auto pause = first_pause;
    bool failure_told = false;
    bool failed_just_now = false;
    std::optional<std::vector<reader::ReaderState>> known;
    for (;;) {
      try {
        if (!known) {
          known = source.list();
        } else {
          known = source.wait_for_change(*known);
          if (!known) return; // cancelled
        }
        pause = first_pause;
        failure_told = false;
        failed_just_now = false;
        tell(*known);
      } catch (const Error& error) {
        known.reset();
        const bool passing = !std::exchange(failed_just_now, true) && error.code() != Errc::NoPcsc;
        // A new one, because the texts of copies are shared, and this one ends in another thread than that one.
        if (!passing && !std::exchange(failure_told, true)) tell(Error(error.code(), error.what()));
        if (!sleep_for(pause)) return;
        pause = std::min(pause * 2, longest_pause);
      }
    }
  }

  void run() {
    watch();
    const std::lock_guard lock(mutex);
    tell = nullptr; // what it holds belongs to others
    stopped = true;
    changed.notify_all();
  }
};

ReaderMonitor::ReaderMonitor(reader::ReaderSource& source, std::function<void(Report)> tell)
    : m_state(std::make_shared<State>(source, std::move(tell))) {
  // Detached, because a thread that PC/SC holds forever could never be joined.
  std::thread([state = m_state] { state->run(); }).detach();
}

ReaderMonitor::~ReaderMonitor() {
  while (!stop(steady_clock::now() + std::chrono::hours(1))) continue;
}

bool ReaderMonitor::stop(steady_clock::time_point deadline) noexcept {
  {
    const std::lock_guard lock(m_state->mutex);
    m_state->stopping = true;
    m_state->changed.notify_all();
    if (m_state->stopped) return true;
  }
  m_state->source.cancel();
  std::unique_lock lock(m_state->mutex);
  return m_state->changed.wait_until(lock, deadline, [this] { return m_state->stopped; });
}

} // namespace twcard::service
