#include "simulator/readers/in_process_readers.hpp"

#include "driver/base/error.hpp"
#include "tests/simulator/cards.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

namespace twcard::simulator::tests {

namespace {

const Bytes challenge = *from_hex("8084000008");

struct Readers {
  InProcessReaders readers{{"first", "second"}};
  std::shared_ptr<SimulatedCard> card = citizen_card();

  std::unique_ptr<reader::CardChannel> inserted() {
    readers.insert("first", card);
    return readers.open("first");
  }
};

template <typename Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(name_of(error.code()));
  }
  return "";
}

std::vector<Fault> plan(const std::string& faults) {
  return faults_from_json(boost::json::parse(R"({"faults": )" + faults + "}").as_object());
}

std::string status(reader::CardChannel& channel, const std::string& command) {
  const auto response = to_hex(channel.transmit(*from_hex(command)));
  return response.substr(response.size() - 4);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(in_process_readers, Readers)

BOOST_AUTO_TEST_CASE(readers_are_listed_with_their_cards) {
  readers.insert("second", card);
  const auto states = readers.list();
  BOOST_REQUIRE(states.size() == 2U);
  BOOST_TEST(states[0].name == "first");
  BOOST_TEST(!states[0].present);
  BOOST_TEST(states[0].atr.empty());
  BOOST_TEST(states[1].present);
  BOOST_TEST(to_hex(states[1].atr) == to_hex(card->atr()));
}

BOOST_AUTO_TEST_CASE(the_event_counter_rises_with_insertion_and_removal_and_not_with_a_reset) {
  const auto counter = [this] { return readers.list()[0].event_counter; };
  const auto start = counter();
  const auto channel = inserted();
  const auto with_card = counter();
  BOOST_TEST(with_card > start);
  channel->begin();
  channel->end(reader::Disposition::Reset);
  BOOST_TEST(counter() == with_card);
  readers.remove("first");
  BOOST_TEST(counter() > with_card);
}

BOOST_AUTO_TEST_CASE(opening_needs_a_reader_and_a_card) {
  BOOST_TEST(error_of([&] { static_cast<void>(readers.open("third")); }) == "no_reader");
  BOOST_TEST(error_of([&] { static_cast<void>(readers.open("first")); }) == "no_card");
  BOOST_TEST(error_of([&] { readers.insert("third", card); }) == "no_reader");
  readers.insert("first", card);
  BOOST_TEST(error_of([&] { readers.insert("first", card); }) == "bad_request");
}

BOOST_AUTO_TEST_CASE(a_transaction_keeps_others_out_until_it_ends) {
  const auto owner = inserted();
  const auto other = readers.open("first");
  owner->begin();
  auto waiting = std::async(std::launch::async, [&] {
    other->begin();
    const auto answer = status(*other, "80A40000023F00");
    other->end(reader::Disposition::Leave);
    return answer;
  });
  for (int i = 0; i < 100; ++i) BOOST_TEST(status(*owner, "8084000008") == "9000");
  const auto asked_by_owner = card->counters().by_instruction;
  BOOST_TEST(!asked_by_owner.contains(0xA4)); // the other one has not come through
  owner->end(reader::Disposition::Leave);
  BOOST_TEST(waiting.get() == "9000");
}

BOOST_AUTO_TEST_CASE(a_login_left_behind_is_inherited_and_a_reset_prevents_it) {
  const auto owner = inserted();
  const auto other = readers.open("first");
  const auto first_half = "80EA820180" + std::string(256, '0');
  const auto log_in_and_end = [&](reader::Disposition disposition) {
    owner->begin();
    for (const char* select : {"80A40000023F00", "80A40000025030", "80A40000020810"})
      BOOST_TEST(status(*owner, select) == "9000");
    BOOST_TEST(status(*owner, verify_command(pin)) == "9000");
    owner->end(disposition);
  };
  log_in_and_end(reader::Disposition::Leave);
  other->begin();
  BOOST_TEST(status(*other, first_half) == "9000");
  other->end(reader::Disposition::Leave);
  log_in_and_end(reader::Disposition::Reset);
  other->begin();
  BOOST_TEST(status(*other, first_half) == "6982");
  other->end(reader::Disposition::Leave);
}

BOOST_AUTO_TEST_CASE(a_reset_is_seen_by_the_other_channel_until_it_begins_again) {
  const auto owner = inserted();
  const auto other = readers.open("first");
  owner->begin();
  owner->end(reader::Disposition::Reset);
  BOOST_TEST(error_of([&] { static_cast<void>(other->transmit(challenge)); }) == "card_busy");
  other->begin();
  BOOST_TEST(other->transmit(challenge).size() == 10U);
  other->end(reader::Disposition::Leave);
}

BOOST_AUTO_TEST_CASE(a_removed_or_swapped_card_is_gone_for_its_channel) {
  const auto channel = inserted();
  channel->begin();
  readers.remove("first");
  BOOST_TEST(error_of([&] { static_cast<void>(channel->transmit(challenge)); }) == "card_removed");
  channel->end(reader::Disposition::Reset);
  readers.insert("first", card);
  BOOST_TEST(error_of([&] { channel->begin(); }) == "card_removed");
  BOOST_TEST(readers.open("first")->transmit(challenge).size() == 10U);
}

BOOST_AUTO_TEST_CASE(removal_wakes_a_caller_that_waits_for_the_card) {
  const auto owner = inserted();
  const auto other = readers.open("first");
  owner->begin();
  auto waiting = std::async(std::launch::async, [&] { return error_of([&] { other->begin(); }); });
  readers.remove("first");
  BOOST_TEST(waiting.get() == "card_removed");
}

BOOST_AUTO_TEST_CASE(a_card_can_be_pulled_after_so_many_commands) {
  const auto channel = inserted();
  readers.play("first", removal_after(2));
  channel->begin();
  BOOST_TEST(channel->transmit(challenge).size() == 10U);
  BOOST_TEST(channel->transmit(challenge).size() == 10U);
  BOOST_TEST(error_of([&] { static_cast<void>(channel->transmit(challenge)); }) == "card_removed");
  BOOST_TEST(!readers.list()[0].present);
}

BOOST_AUTO_TEST_CASE(answers_are_altered_on_their_way) {
  const auto channel = inserted();
  channel->begin();
  readers.play("first", plan(R"([{"fault": "length", "octets": 2}, {"at": 2, "fault": "delay", "ms": 1},
                                 {"at": 3, "fault": "status", "status": "6FFF"}])"));
  BOOST_TEST(channel->transmit(challenge).size() == 12U);
  BOOST_TEST(channel->transmit(challenge).size() == 10U);
  BOOST_TEST(status(*channel, "8084000008") == "6FFF");
  channel->end(reader::Disposition::Leave);
}

BOOST_AUTO_TEST_CASE(a_mute_card_lets_its_channel_go_when_it_is_taken_out) {
  const auto channel = inserted();
  readers.play("first", plan(R"([{"fault": "mute"}])"));
  auto waiting = std::async(std::launch::async,
                            [&] { return error_of([&] { static_cast<void>(channel->transmit(challenge)); }); });
  while (card->counters().apdus == 0) std::this_thread::yield();
  readers.remove("first");
  BOOST_TEST(waiting.get() == "card_removed");
}

BOOST_AUTO_TEST_CASE(another_answer_to_reset_comes_with_the_next_reset) {
  const auto channel = inserted();
  readers.play("first", plan(R"([{"fault": "atr", "atr": "3B00"}])"));
  channel->begin();
  BOOST_TEST(channel->transmit(challenge).size() == 10U);
  BOOST_TEST(to_hex(readers.list()[0].atr) == to_hex(channel->atr()));
  channel->end(reader::Disposition::Reset);
  BOOST_TEST(to_hex(readers.list()[0].atr) == "3B00");
  BOOST_TEST(to_hex(readers.open("first")->atr()) == "3B00");
}

BOOST_AUTO_TEST_CASE(a_swapped_card_is_another_insertion) {
  const auto channel = inserted();
  const auto before = readers.list()[0].event_counter;
  auto swap = plan(R"([{"fault": "swap", "card": "other"}])");
  swap.front().card = nhi_card();
  readers.play("first", swap);
  channel->begin();
  BOOST_TEST(error_of([&] { static_cast<void>(channel->transmit(challenge)); }) == "card_removed");
  channel->end(reader::Disposition::Reset);
  BOOST_TEST(readers.list()[0].event_counter == before + 2);
  BOOST_TEST(to_hex(readers.list()[0].atr) == to_hex(swap.front().card->atr()));
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_a_change) {
  const auto known = readers.list();
  auto waiting = std::async(std::launch::async, [&] { return readers.wait_for_change(known); });
  readers.insert("second", card);
  const auto states = waiting.get();
  BOOST_REQUIRE(states.has_value());
  BOOST_TEST((*states)[1].present);
  BOOST_TEST(readers.wait_for_change(known).has_value()); // it is different already
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_cancel_for_good) {
  const auto known = readers.list();
  auto waiting = std::async(std::launch::async, [&] { return readers.wait_for_change(known).has_value(); });
  readers.cancel();
  BOOST_TEST(!waiting.get());
  BOOST_TEST(!readers.wait_for_change(known).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
