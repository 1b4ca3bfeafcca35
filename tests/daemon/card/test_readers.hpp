// The simulator's readers with faults on top: no PC/SC service, a card that answers something else, a card that never
// answers.
#pragma once

#include "simulator/readers/in_process_readers.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace twcard::service::testing {

class TestReaders final : public reader::ReaderSource {
public:
  explicit TestReaders(std::vector<std::string> names) : m_readers(std::move(names)) {}

  [[nodiscard]] simulator::InProcessReaders& simulator() { return m_readers; }

  // From now on, as if pcscd were (not) running; a wait that is under way ends.
  void set_pcsc_running(bool running);
  // Applied to every response; called on readers' threads.
  void on_response(std::function<Bytes(ByteView command, Bytes response)> change);
  // Commands to this reader wait until release(); true once one does.
  void hold(const std::string& reader);
  // Only the next one does.
  void hold_next(const std::string& reader);
  [[nodiscard]] bool wait_until_held();
  void release();
  // After cancel(): can be waited on again, as by another service.
  void renew();
  // The next `count` open() calls find the card held by another program.
  void refuse_opening(int count) { m_refusals = count; }

  [[nodiscard]] std::vector<reader::ReaderState> list() override;
  [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string& reader) override;
  [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
  wait_for_change(const std::vector<reader::ReaderState>& known) override;
  void cancel() noexcept override;

private:
  class Channel;
  void require_pcsc();

  simulator::InProcessReaders m_readers;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_running = true;
  bool m_cancelled = false;
  std::string m_held_reader;
  bool m_holding = false;
  bool m_only_next = false;
  unsigned m_releases = 0;
  std::function<Bytes(ByteView, Bytes)> m_change;
  std::atomic<int> m_refusals = 0;
};

} // namespace twcard::service::testing
