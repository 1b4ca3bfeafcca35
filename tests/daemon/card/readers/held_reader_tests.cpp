// A call into PC/SC that does not return: it costs one reader's thread, and the reader while it lasts, and nothing
// else.
#include "tests/daemon/card/person/fake_person.hpp"
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds short_limit{1500};

struct HeldReader : ServiceFixture {
  HeldReader() : ServiceFixture(Profiles::Installed, {.operation = short_limit}) {}

  std::string card_state(const char* reader) const {
    const auto status = call("status").result;
    for (const auto& each : status.at("readers").as_array())
      if (each.at("name").as_string() == reader) return std::string(each.at("card").at("state").as_string());
    return "no reader";
  }
};

json::object login_at(const char* reader) {
  return {{"origin", site}, {"nonce", nonce}, {"reader", reader}};
}

json::object random_of(const char* reader) {
  return {{"reader", reader}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(held_reader, HeldReader)

BOOST_AUTO_TEST_CASE(a_card_that_is_mute_from_the_beginning_fails_and_is_read_when_it_answers) {
  insert(reader_b, another_citizen_card());
  readers.hold(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  const auto failed = wait_for_event("card_failed");
  BOOST_TEST(failed.at("card").at("error").at("code").as_string() == "timeout");
  CHECK_ERROR(call("token.random", random_of(reader_a)), Errc::Timeout);
  BOOST_TEST(call("token.random", random_of(reader_b)).blob.size() == 8U);
  BOOST_TEST(card_state(reader_a) == "failed");

  readers.release();
  BOOST_TEST(wait_for_event("card_ready").at("reader").as_string() == reader_a);
  BOOST_CHECK_NO_THROW(call("authenticate", login_at(reader_a)));
}

BOOST_AUTO_TEST_CASE(what_waits_behind_a_card_that_does_not_answer_ends_with_it_and_later_calls_end_at_once) {
  insert(reader_a, citizen_card());
  readers.hold(reader_a);
  auto first = std::async(std::launch::async, [this] { return call("token.random"); });
  BOOST_REQUIRE(readers.wait_until_held());
  auto second = std::async(std::launch::async, [this] { return call("token.random"); });
  CHECK_ERROR(first.get(), Errc::Timeout);
  CHECK_ERROR(second.get(), Errc::Timeout);
  CHECK_ERROR(call("token.random"), Errc::Timeout);
  BOOST_TEST(card_state(reader_a) == "ready");
  BOOST_TEST(call("certificates").result.at("certificates").as_array().size() == 4U);

  readers.release();
  // The reader is back as soon as the call has returned, which is the next thing that its thread does.
  for (;;) {
    const auto error = error_of([this] { static_cast<void>(call("token.random")); });
    if (error.code() != Errc::Timeout) break;
  }
  BOOST_TEST(call("token.random").blob.size() == 8U);
}

BOOST_AUTO_TEST_CASE(no_pin_is_sent_for_a_caller_that_has_timed_out) {
  const auto card = citizen_card();
  insert(reader_a, card);
  card->reset_counters();
  readers.hold(reader_a);
  CHECK_ERROR(call("authenticate", login_at(reader_a)), Errc::Timeout);
  readers.release();
  while (error_of([this] { static_cast<void>(call("token.random")); }).code() == Errc::Timeout) continue;
  BOOST_TEST(card->counters().verifies == 0U);
  BOOST_CHECK_NO_THROW(call("authenticate", login_at(reader_a)));
  BOOST_TEST(card->counters().verifies == 1U);
}

BOOST_AUTO_TEST_CASE(a_login_ends_with_the_operation_that_got_no_answer) {
  insert(reader_a, citizen_card());
  auto client = connect();
  const auto token = client.call("token.list").result.at("readers").as_array().front().as_object();
  const json::object of_token{{"reader", token.at("reader")}, {"insertion", token.at("insertion")}};
  client.call("token.login", of_token, SecureBytes::copy_of(as_bytes(ScriptedPrompt::right_pin)));
  auto with_key = of_token;
  with_key["key"] = "SIGN";
  Bytes block(256, 0x01);
  block[0] = 0x00;
  readers.hold(reader_a);
  CHECK_ERROR(client.call("token.sign", with_key, SecureBytes::copy_of(block)), Errc::Timeout);
  readers.release();
  CHECK_ERROR(client.call("token.sign", with_key, SecureBytes::copy_of(block)), Errc::PinRequired);
}

BOOST_AUTO_TEST_CASE(after_a_restart_of_pcscd_the_reader_works_while_the_old_call_is_still_held) {
  readers.hold_next(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  readers.set_pcsc_running(false);
  wait_for_event("pcsc_lost");
  // The new pcscd finds the card without the old one's transaction.
  readers.simulator().remove(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  readers.set_pcsc_running(true);
  BOOST_TEST(wait_for_event("card_ready").at("reader").as_string() == reader_a);
  BOOST_TEST(call("token.random", random_of(reader_a)).blob.size() == 8U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_not_answering_does_not_delay_a_card_that_fits) {
  insert(reader_b, another_citizen_card());
  readers.hold(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  wait_for_event("card_failed");
  BOOST_TEST(call("certificates").result.at("reader").as_string() == reader_b);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lost_threads)

namespace {

// Readers whose every call blocks until release().
class StuckReaders final : public reader::ReaderSource {
public:
  [[nodiscard]] std::vector<reader::ReaderState> list() override { return {}; }
  [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string&) override {
    std::unique_lock lock(m_mutex);
    ++m_entered;
    m_changed.notify_all();
    m_changed.wait(lock, [this] { return m_released; });
    throw Error(Errc::NoCard, "no card");
  }
  [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
  wait_for_change(const std::vector<reader::ReaderState>&) override {
    return std::nullopt;
  }
  void cancel() noexcept override {}

  void wait_until_entered(int times) {
    std::unique_lock lock(m_mutex);
    BOOST_REQUIRE(m_changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_entered >= times; }));
  }
  void release() {
    const std::lock_guard lock(m_mutex);
    m_released = true;
    m_changed.notify_all();
  }

private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  int m_entered = 0;
  bool m_released = false;
};

std::vector<reader::ReaderState> reader_with_card(int number) {
  return {{"Reader " + std::to_string(number), true, false, 1, {0x3B, 0x00}}};
}

} // namespace

BOOST_AUTO_TEST_CASE(are_bounded_and_readers_are_served_again_when_they_have_come_back) {
  constexpr int bound = 16;
  StuckReaders source;
  const card::CardRegistry registry({});
  boost::asio::io_context context;
  const auto no_libraries =
      std::make_shared<const VendorClient>(std::filesystem::path{}, std::vector<card::VendorProfile>{});
  const auto cache = std::make_shared<TokenCache>(context.get_executor(), source, registry, CardLimits{},
                                                  std::make_shared<const CertificateStore>(std::filesystem::path{}),
                                                  no_libraries, [](const ReaderEvent&) {});
  FakePerson nobody;
  const Permission permission(cache, nobody, Grants({}));
  const auto readers = [&permission] { return permission.list_for_program({}); };
  for (int number = 1; number <= bound; ++number) {
    cache->take(reader_with_card(number));
    context.poll();
    context.restart();
    source.wait_until_entered(number);
    cache->take(std::vector<reader::ReaderState>{});
  }
  cache->take(reader_with_card(bound + 1));
  BOOST_TEST(readers().empty());

  source.release();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (readers().empty() && std::chrono::steady_clock::now() < deadline) cache->take(reader_with_card(bound + 1));
  BOOST_TEST(readers().size() == 1U);
  BOOST_TEST(cache->stop(deadline));
  context.run_for(std::chrono::milliseconds(100));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
