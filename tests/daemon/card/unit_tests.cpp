// The parts that the use cases are made of, alone.
#include "daemon/card/readers/reader_monitor.hpp"
#include "tests/daemon/card/test_readers.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::service::testing {

BOOST_AUTO_TEST_SUITE(reader_monitor)

namespace {

// Counts the attempts to reach a PC/SC service that is not there.
class NoService final : public reader::ReaderSource {
public:
  [[nodiscard]] std::vector<reader::ReaderState> list() override {
    const std::lock_guard lock(mutex);
    ++attempts;
    changed.notify_all();
    throw Error(Errc::NoPcsc, "pcscd is not running");
  }
  [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string&) override { return nullptr; }
  [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
  wait_for_change(const std::vector<reader::ReaderState>&) override {
    return std::nullopt;
  }
  void cancel() noexcept override {}

  std::mutex mutex;
  std::condition_variable changed;
  int attempts = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_missing_service_is_reported_once_and_tried_again) {
  NoService source;
  std::atomic<int> reports = 0;
  ReaderMonitor monitor(source, [&](const ReaderMonitor::Report&) { ++reports; });
  {
    std::unique_lock lock(source.mutex);
    BOOST_REQUIRE(source.changed.wait_for(lock, std::chrono::seconds(10), [&] { return source.attempts >= 2; }));
  }
  BOOST_TEST(monitor.stop(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
  BOOST_TEST(reports == 1);
}

BOOST_AUTO_TEST_CASE(a_passing_failure_is_not_reported_as_loss_of_the_service) {
  // The first listing fails.
  class OneFailure final : public reader::ReaderSource {
  public:
    [[nodiscard]] std::vector<reader::ReaderState> list() override {
      if (!std::exchange(m_failed, true)) throw Error(Errc::CardReset, "an answer for another question");
      return {};
    }
    [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string&) override { return nullptr; }
    [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
    wait_for_change(const std::vector<reader::ReaderState>&) override {
      return std::nullopt;
    }
    void cancel() noexcept override {}

  private:
    bool m_failed = false;
  } source;
  std::promise<bool> first;
  ReaderMonitor monitor(source, [&](const ReaderMonitor::Report& report) {
    first.set_value(std::holds_alternative<std::vector<reader::ReaderState>>(report));
  });
  auto listed = first.get_future();
  BOOST_REQUIRE(listed.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  BOOST_TEST(listed.get());
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_a_thread_that_pcsc_holds) {
  class Stuck final : public reader::ReaderSource {
  public:
    [[nodiscard]] std::vector<reader::ReaderState> list() override {
      held.set_value();
      let_go.get_future().wait();
      return {};
    }
    [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string&) override { return nullptr; }
    [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
    wait_for_change(const std::vector<reader::ReaderState>&) override {
      return std::nullopt;
    }
    void cancel() noexcept override {}
    std::promise<void> held;
    std::promise<void> let_go;
  } source;
  ReaderMonitor monitor(source, [](const ReaderMonitor::Report&) {});
  source.held.get_future().wait();
  BOOST_TEST(!monitor.stop(std::chrono::steady_clock::now()));
  source.let_go.set_value();
  BOOST_TEST(monitor.stop(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(stopping_ends_a_wait_for_readers) {
  simulator::InProcessReaders source({"Reader"});
  std::atomic<int> reports = 0;
  ReaderMonitor monitor(source, [&](const ReaderMonitor::Report&) { ++reports; });
  BOOST_TEST(monitor.stop(std::chrono::steady_clock::now() + std::chrono::seconds(10)));
  BOOST_TEST(reports <= 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
