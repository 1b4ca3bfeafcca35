// A whole reader: orders against scripted pipes, and the driver against the simulator's reader with the card's own T=1
// and T=0 behind it.
#include "driver/ifd/reader.hpp"
#include "simulator/usb/measuring_card.hpp"
#include "simulator/usb/usb_reader.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

#include <functional>

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;
using std::chrono::milliseconds;

using Answers = std::vector<Bytes>;

namespace {

// Pipes that answer by a function of the message sent; several answers may come for one message.
class FakePipes : public Transport {
public:
  std::function<std::vector<Bytes>(ByteView)> reader;
  std::deque<Notification> notifications;
  std::vector<milliseconds> waits;

  void send(ByteView message, milliseconds) override {
    for (Bytes& answer : reader(message)) m_answers.push_back(std::move(answer));
  }
  Bytes receive(milliseconds) override {
    if (m_answers.empty()) throw Error(Errc::Timeout, "nothing came");
    Bytes answer = std::move(m_answers.front());
    m_answers.pop_front();
    return answer;
  }
  Notification wait_notification(milliseconds timeout) override {
    waits.push_back(timeout);
    if (notifications.empty()) return {.wake = Wake::Stopped, .octets = {}};
    Notification next = notifications.front();
    notifications.pop_front();
    return next;
  }
  void stop_waiting() noexcept override {}

private:
  std::deque<Bytes> m_answers;
};

Bytes answer_to(ByteView message, std::uint8_t type, std::uint8_t status, std::uint8_t error, ByteView data = {}) {
  Bytes answer{type, 0, 0, 0, static_cast<std::uint8_t>(data.size()), 0, message[6], status, error, 0};
  answer.insert(answer.end(), data.begin(), data.end());
  return answer;
}

// An application that gives as many octets as P2 says, then 9000, and counts.
class CountingApplet final : public simulator::Applet {
public:
  explicit CountingApplet(Bytes atr) : m_atr(std::move(atr)) {}
  Bytes atr() const override { return m_atr; }
  void reset() override {}
  apdu::ResponseApdu process(const apdu::CommandApdu& command, simulator::Counters&) override {
    Bytes data(command.p2, command.p1);
    return {std::move(data), apdu::StatusWord(0x9000)};
  }

private:
  Bytes m_atr;
};

const Bytes t1_atr = hex("3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41 A5");
const Bytes t0_atr = hex("3B 02 14 50");

struct Setup {
  explicit Setup(const Bytes& atr)
      : card(std::make_shared<simulator::SimulatedCard>(std::make_unique<CountingApplet>(atr))) {
    device.insert(card);
    auto pipes = std::make_unique<FakePipes>();
    pipes->reader = [this](ByteView message) {
      auto answer = device.answer(message);
      return answer ? Answers{*answer} : std::vector<Bytes>{};
    };
    reader = std::make_unique<Reader>(std::move(pipes));
  }
  std::shared_ptr<simulator::SimulatedCard> card;
  simulator::UsbReader device{simulator::ez100pu()};
  std::unique_ptr<Reader> reader;
};

Bytes expected_response(std::uint8_t value, std::uint8_t count) {
  Bytes octets(count, value);
  octets.push_back(0x90);
  octets.push_back(0x00);
  return octets;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reader_link)

BOOST_AUTO_TEST_CASE(the_prefix_before_the_answer_to_reset_is_taken_off) {
  FakePipes pipes;
  pipes.reader = [](ByteView message) {
    BOOST_TEST(int{message[0]} == 0x62);
    return Answers{answer_to(message, 0x80, 0x00, 0, hex("00 3B 00"))};
  };
  ReaderLink link(pipes);
  BOOST_TEST(link.power_on() == hex("3B00"));
}

BOOST_AUTO_TEST_CASE(an_answer_to_an_earlier_order_is_dropped) {
  FakePipes pipes;
  pipes.reader = [](ByteView message) {
    Bytes stale = answer_to(message, 0x81, 0x02, 0);
    stale[6] = static_cast<std::uint8_t>(stale[6] - 1);
    return Answers{stale, answer_to(message, 0x81, 0x00, 0)};
  };
  ReaderLink link(pipes);
  BOOST_TEST((link.presence() == Presence::Active));
}

BOOST_AUTO_TEST_CASE(a_reader_that_answers_to_something_else_for_ever_is_given_up) {
  FakePipes pipes;
  pipes.reader = [](ByteView message) {
    Bytes stale = answer_to(message, 0x81, 0x02, 0);
    stale[6] ^= 0x80;
    return std::vector(100, stale);
  };
  ReaderLink link(pipes);
  check_fails(Errc::BadCardData, [&] { return link.presence(); });
}

BOOST_AUTO_TEST_CASE(requests_for_more_time_are_waited_for_and_bounded) {
  FakePipes pipes;
  pipes.reader = [](ByteView message) {
    return Answers{answer_to(message, 0x80, 0x80, 2), answer_to(message, 0x80, 0x00, 0, hex("9000"))};
  };
  ReaderLink link(pipes);
  BOOST_TEST(link.exchange(hex("00"), 0, 1) == hex("9000"));
  pipes.reader = [](ByteView message) { return std::vector(5000, answer_to(message, 0x80, 0x80, 1)); };
  check_fails(Errc::BadCardData, [&] { return link.exchange(hex("00"), 0, 1); });
}

BOOST_AUTO_TEST_CASE(a_mute_card_is_silence_and_a_missing_one_is_removed) {
  FakePipes pipes;
  ReaderLink link(pipes);
  pipes.reader = [](ByteView message) { return Answers{answer_to(message, 0x80, 0x40, 0xFE)}; };
  BOOST_TEST(link.exchange(hex("00"), 0, 1).empty());
  pipes.reader = [](ByteView message) { return Answers{answer_to(message, 0x80, 0x42, 0xFE)}; };
  check_fails(Errc::CardRemoved, [&] { return link.exchange(hex("00"), 0, 1); });
}

BOOST_AUTO_TEST_CASE(nonsense_from_the_reader_is_an_error_of_its_own) {
  FakePipes pipes;
  ReaderLink link(pipes);
  pipes.reader = [](ByteView) { return Answers{hex("80 00")}; };
  check_fails(Errc::BadCardData, [&] { return link.exchange(hex("00"), 0, 1); });
  pipes.reader = [](ByteView message) { return Answers{answer_to(message, 0x82, 0x00, 0)}; };
  check_fails(Errc::BadCardData, [&] { return link.exchange(hex("00"), 0, 1); });
  pipes.reader = [](ByteView) { return Answers{}; };
  check_fails(Errc::Timeout, [&] { return link.exchange(hex("00"), 0, 1); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(t1_from_power_to_response_with_chains_both_ways) {
  Setup setup(t1_atr);
  BOOST_TEST(setup.reader->card_present());
  BOOST_TEST(setup.reader->power_on() == t1_atr);
  setup.reader->select_protocol(ifd::Protocol::T1);
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T1, hex("00 10 07 20 00")) == expected_response(7, 0x20));
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T1, hex("00 10 09 FF 00")) == expected_response(9, 0xFF));
  Bytes extended = hex("00 10 05 FF 00 03 00");
  extended.resize(extended.size() + 0x300, 0x55);
  extended.push_back(0x00);
  extended.push_back(0x00);
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T1, extended) == expected_response(5, 0xFF));
  BOOST_TEST(setup.card->counters().apdus == 3U);
}

BOOST_AUTO_TEST_CASE(t0_hands_waiting_octets_to_the_caller) {
  Setup setup(t0_atr);
  BOOST_TEST(setup.reader->power_on() == t0_atr);
  setup.reader->select_protocol(ifd::Protocol::T0);
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T0, hex("00 10 07 04 04")) == expected_response(7, 4));
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T0, hex("00 10 07 04 01 AA 00")) == hex("6104"));
  BOOST_TEST(setup.reader->transmit(ifd::Protocol::T0, hex("00 C0 00 00 04")) == expected_response(7, 4));
}

BOOST_AUTO_TEST_CASE(only_the_selected_protocol_is_spoken) {
  Setup setup(t1_atr);
  check_fails(Errc::BadRequest, [&] { setup.reader->select_protocol(ifd::Protocol::T1); });
  static_cast<void>(setup.reader->power_on());
  check_fails(Errc::BadRequest, [&] { return setup.reader->transmit(ifd::Protocol::T1, hex("00100701")); });
  check_fails(Errc::UnsupportedCard, [&] { setup.reader->select_protocol(ifd::Protocol::T0); });
  setup.reader->select_protocol(ifd::Protocol::T1);
  check_fails(Errc::BadRequest, [&] { return setup.reader->transmit(ifd::Protocol::T0, hex("00100701")); });
}

BOOST_AUTO_TEST_CASE(a_reset_restarts_the_protocol) {
  Setup setup(t1_atr);
  for (int round = 0; round < 3; ++round) {
    static_cast<void>(setup.reader->power_on());
    setup.reader->select_protocol(ifd::Protocol::T1);
    BOOST_TEST(setup.reader->transmit(ifd::Protocol::T1, hex("00 10 07 01 00")) == expected_response(7, 1));
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_is_pulled_out_is_missed_at_once) {
  Setup setup(t1_atr);
  static_cast<void>(setup.reader->power_on());
  setup.reader->select_protocol(ifd::Protocol::T1);
  setup.device.remove();
  BOOST_TEST(!setup.reader->card_present());
  check_fails(Errc::CardRemoved, [&] { return setup.reader->transmit(ifd::Protocol::T1, hex("00100701")); });
  check_fails(Errc::CardRemoved, [&] { return setup.reader->power_on(); });
}

BOOST_AUTO_TEST_CASE(a_card_that_is_swapped_quickly_counts_as_removed_once) {
  Setup setup(t1_atr);
  static_cast<void>(setup.reader->power_on());
  BOOST_TEST(setup.reader->card_present());
  setup.device.insert(setup.card);
  BOOST_TEST(!setup.reader->card_present());
  BOOST_TEST(setup.reader->atr().empty());
  setup.reader->wait_for_event(milliseconds(600'000)); // returns at once
  BOOST_TEST(setup.reader->card_present());
  setup.reader->power_off();
  BOOST_TEST(setup.reader->card_present());
}

BOOST_AUTO_TEST_CASE(the_card_may_ask_for_time_and_change_its_field_size) {
  Setup setup(t1_atr);
  setup.device.set_habits(simulator::T1Habits{.field_size = 250, .extensions = 3, .new_field_size = 20});
  static_cast<void>(setup.reader->power_on());
  setup.reader->select_protocol(ifd::Protocol::T1);
  for (int round = 0; round < 3; ++round) {
    Bytes command = hex("00 10 03 FF 40");
    command.resize(command.size() + 0x40, 0x11);
    BOOST_TEST(setup.reader->transmit(ifd::Protocol::T1, command) == expected_response(3, 0xFF));
  }
}

BOOST_AUTO_TEST_CASE(the_measuring_card_takes_and_gives_any_length_through_short_fields) {
  Setup setup(t1_atr);
  setup.device.set_habits(simulator::T1Habits{.field_size = 20, .extensions = 1, .new_field_size = 30});
  setup.device.insert(simulator::make_measuring_card(20));
  static_cast<void>(setup.reader->power_on());
  setup.reader->select_protocol(ifd::Protocol::T1);
  Bytes command = hex("80 01 03 E8 00 01 F4"); // 1000 octets wanted, 500 sent
  command.resize(command.size() + 500, 0x01);
  command.insert(command.end(), {0x00, 0x00});
  const Bytes response = setup.reader->transmit(ifd::Protocol::T1, command);
  BOOST_REQUIRE(response.size() == 1002U);
  BOOST_TEST(Bytes(response.begin(), response.begin() + 3) == hex("01 F4 F5")); // the sum, and counting on
  BOOST_TEST(Bytes(response.end() - 2, response.end()) == hex("9000"));
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_to_reset_is_refused) {
  Setup setup(hex("3B 05 01"));
  check_fails(Errc::BadCardData, [&] { return setup.reader->power_on(); });
  BOOST_TEST(setup.reader->atr().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(events)

namespace {

struct Waiting {
  Waiting() {
    auto owned = std::make_unique<FakePipes>();
    pipes = owned.get();
    reader = std::make_unique<Reader>(std::move(owned));
  }
  FakePipes* pipes = nullptr;
  std::unique_ptr<Reader> reader;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_slot_is_polled_until_the_interrupt_pipe_has_proved_itself) {
  Waiting waiting;
  waiting.pipes->notifications = {{Transport::Wake::Timeout, {}}, {Transport::Wake::Notification, hex("50 03")}};
  for (int round = 0; round < 3; ++round) waiting.reader->wait_for_event(milliseconds(600'000));
  BOOST_REQUIRE(waiting.pipes->waits.size() == 3U);
  BOOST_TEST(waiting.pipes->waits[0].count() <= 400);
  BOOST_TEST(waiting.pipes->waits[1].count() <= 400);
  BOOST_TEST(waiting.pipes->waits[2].count() > 500'000);
}

BOOST_AUTO_TEST_CASE(a_pipe_that_fails_is_not_trusted_any_more) {
  Waiting waiting;
  waiting.pipes->notifications = {{Transport::Wake::Notification, hex("50 03")}, {Transport::Wake::PipeFailed, {}}};
  for (int round = 0; round < 3; ++round) waiting.reader->wait_for_event(milliseconds(600'000));
  BOOST_REQUIRE(waiting.pipes->waits.size() == 3U);
  BOOST_TEST(waiting.pipes->waits[2].count() <= 400);
}

BOOST_AUTO_TEST_CASE(other_notifications_do_not_end_the_wait) {
  Waiting waiting;
  waiting.pipes->notifications = {{Transport::Wake::Notification, hex("51 00")},
                                  {Transport::Wake::Notification, hex("50 03")}};
  waiting.reader->wait_for_event(milliseconds(600'000));
  BOOST_TEST(waiting.pipes->waits.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
