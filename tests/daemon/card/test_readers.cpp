#include "tests/daemon/card/test_readers.hpp"

#include "driver/base/error.hpp"

namespace twcard::service::testing {

class TestReaders::Channel final : public reader::CardChannel {
public:
  Channel(TestReaders& readers, std::string reader, std::unique_ptr<reader::CardChannel> channel)
      : m_readers(readers), m_reader(std::move(reader)), m_channel(std::move(channel)) {}

  [[nodiscard]] Bytes atr() const override { return m_channel->atr(); }
  void begin() override { m_channel->begin(); }
  void end(reader::Disposition disposition) noexcept override { m_channel->end(disposition); }

  [[nodiscard]] Bytes transmit(ByteView command) override {
    std::unique_lock lock(m_readers.m_mutex);
    if (m_readers.m_held_reader == m_reader) {
      m_readers.m_holding = true;
      if (m_readers.m_only_next) m_readers.m_held_reader.clear();
      m_readers.m_changed.notify_all();
      m_readers.m_changed.wait(lock, [this, before = m_readers.m_releases] { return m_readers.m_releases != before; });
    }
    const auto change = m_readers.m_change;
    lock.unlock();
    auto response = m_channel->transmit(command);
    return change ? change(command, std::move(response)) : response;
  }

private:
  TestReaders& m_readers;
  std::string m_reader;
  std::unique_ptr<reader::CardChannel> m_channel;
};

void TestReaders::set_pcsc_running(bool running) {
  const std::lock_guard lock(m_mutex);
  m_running = running;
  m_changed.notify_all();
}

void TestReaders::on_response(std::function<Bytes(ByteView, Bytes)> change) {
  const std::lock_guard lock(m_mutex);
  m_change = std::move(change);
}

void TestReaders::hold(const std::string& reader) {
  const std::lock_guard lock(m_mutex);
  m_held_reader = reader;
  m_holding = false;
  m_only_next = false;
}

void TestReaders::hold_next(const std::string& reader) {
  const std::lock_guard lock(m_mutex);
  m_held_reader = reader;
  m_holding = false;
  m_only_next = true;
}

bool TestReaders::wait_until_held() {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, std::chrono::seconds(10), [this] { return m_holding; });
}

void TestReaders::release() {
  const std::lock_guard lock(m_mutex);
  m_held_reader.clear();
  ++m_releases;
  m_changed.notify_all();
}

void TestReaders::renew() {
  const std::lock_guard lock(m_mutex);
  m_cancelled = false;
}

void TestReaders::require_pcsc() {
  const std::lock_guard lock(m_mutex);
  if (!m_running) throw Error(Errc::NoPcsc, "pcscd is not running");
}

std::vector<reader::ReaderState> TestReaders::list() {
  require_pcsc();
  return m_readers.list();
}

std::unique_ptr<reader::CardChannel> TestReaders::open(const std::string& reader) {
  require_pcsc();
  if (m_refusals > 0) {
    --m_refusals;
    throw Error(Errc::CardReset, "another program holds the card");
  }
  return std::make_unique<Channel>(*this, reader, m_readers.open(reader));
}

std::optional<std::vector<reader::ReaderState>>
TestReaders::wait_for_change(const std::vector<reader::ReaderState>& known) {
  // The simulator's wait cannot end for a service that goes away, so this one looks at both now and then.
  std::unique_lock lock(m_mutex);
  for (;;) {
    if (m_cancelled) return std::nullopt;
    if (!m_running) throw Error(Errc::NoPcsc, "pcscd is not running");
    auto states = m_readers.list();
    if (states != known) return states;
    m_changed.wait_for(lock, std::chrono::milliseconds(2));
  }
}

void TestReaders::cancel() noexcept {
  const std::lock_guard lock(m_mutex);
  m_cancelled = true;
  m_changed.notify_all();
}

} // namespace twcard::service::testing
