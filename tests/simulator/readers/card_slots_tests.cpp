// A running simulator's slots and control socket, with readers that do what Debian's vpcd does.
#include "simulator/readers/card_slots.hpp"

#include "driver/base/error.hpp"
#include "simulator/readers/control.hpp"
#include "tests/simulator/cards.hpp"
#include "tests/simulator/readers/fake_vpcd.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

struct Simulator {
  TemporaryFolder folder;
  FakeVpcd first, second;
  CardSlots slots{{first.port(), second.port()}};

  Simulator() {
    write_text(file(), boost::json::serialize(citizen_file()));
    write_text(folder / "nhi.json", boost::json::serialize(personalise("nhi", somebody())));
  }
  // Readers that are gone need not notice that their cards are pulled out.
  ~Simulator() {
    first.close();
    second.close();
  }
  std::filesystem::path file() const { return folder / "hicos.json"; }

  void insert_first() {
    slots.insert(0, file());
    first.accept();
    first.tell("01");
    slots.wait_until_powered(0);
  }
  void remove_first() {
    auto removed = std::async(std::launch::async, [this] { slots.remove(0); });
    BOOST_TEST(first.ended());
    first.hang_up();
    removed.get();
  }
  std::string control(const std::string& request) { return boost::json::serialize(answer_control(slots, request)); }
  std::uint64_t apdus() { return slots.counters(0).at("apdus").to_number<std::uint64_t>(); }
  std::uint64_t total() { return slots.counters(0).at("total").at("apdus").to_number<std::uint64_t>(); }
};

constexpr const char* select_container[] = {"80A40000023F00", "80A40000025030", "80A40000020810"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(card_slots, Simulator)

BOOST_AUTO_TEST_CASE(counters_last_after_removal_and_restart_with_the_next_insertion) {
  insert_first();
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
  BOOST_TEST(apdus() == 1U);
  remove_first();
  BOOST_TEST(slots.counters(0).at("card").is_null());
  BOOST_TEST(apdus() == 1U);
  insert_first();
  BOOST_TEST(apdus() == 0U);
  BOOST_TEST(total() == 1U);
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
  BOOST_TEST(total() == 2U);
  slots.reset_counters(0);
  BOOST_TEST(apdus() == 0U);
  BOOST_TEST(total() == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_that_moves_takes_its_counting_along_and_leaves_the_old_figures) {
  insert_first();
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
  remove_first();
  slots.insert(1, file());
  second.accept();
  BOOST_TEST(apdus() == 1U);
  BOOST_TEST(slots.counters(1).at("apdus").to_number<std::uint64_t>() == 0U);
}

BOOST_AUTO_TEST_CASE(tries_of_a_card_outlive_its_removal) {
  for (const char* expected : {"63C2", "63C1"}) {
    insert_first();
    for (const char* select : select_container) BOOST_TEST(first.ask(select) == "9000");
    BOOST_TEST(first.ask(verify_command("000000")) == expected);
    remove_first();
  }
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_a_new_card) {
  insert_first();
  for (const char* select : select_container) BOOST_TEST(first.ask(select) == "9000");
  BOOST_TEST(first.ask(verify_command("000000")) == "63C2");
  remove_first();
  write_text(file(), boost::json::serialize(citizen_file()) + "\n");
  insert_first();
  for (const char* select : select_container) BOOST_TEST(first.ask(select) == "9000");
  BOOST_TEST(first.ask(verify_command("000000")) == "63C2");
}

BOOST_AUTO_TEST_CASE(a_reader_takes_one_card_and_a_card_is_in_one_reader) {
  insert_first();
  BOOST_CHECK_THROW(slots.insert(0, folder / "nhi.json"), Error);
  BOOST_CHECK_THROW(slots.insert(1, file()), Error);
  BOOST_CHECK_THROW(slots.insert(2, folder / "nhi.json"), Error);
  BOOST_CHECK_THROW(slots.insert(1, folder / "missing.json"), Error);
  slots.insert(1, folder / "nhi.json");
}

BOOST_AUTO_TEST_CASE(a_card_pulled_in_the_middle_leaves_the_reader_free) {
  insert_first();
  slots.remove_after(0, 1);
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
  first.tell("80A40000023F00");
  BOOST_TEST(first.ended());
  first.hang_up();
  BOOST_TEST(slots.counters(0).at("card").is_null());
  BOOST_CHECK_THROW(slots.remove_after(0, 1), Error);
  insert_first();
}

BOOST_AUTO_TEST_CASE(a_plan_is_played_over_the_control_socket_and_cleared) {
  insert_first();
  const std::string play = R"({"command": "fault", "reader": 0, "plan": )";
  BOOST_TEST(control(play + R"({"faults": [{"fault": "status", "status": "6F00"}, {"fault": "mute", "at": 9}]}})") ==
             R"({"ok":true,"waiting":2})");
  BOOST_TEST(first.ask("80A40000023F00") == "6F00");
  BOOST_TEST(control(R"({"command": "fault", "reader": 0})") == R"({"ok":true,"waiting":1})");
  BOOST_TEST(control(play + "null}") == R"({"ok":true,"waiting":0})");
  BOOST_TEST(control(play + R"({"faults": [{"fault": "status"}]}})") ==
             R"({"error":"plan: faults[0].status: is not a string"})");
}

BOOST_AUTO_TEST_CASE(a_plan_waits_for_the_next_card) {
  BOOST_TEST(
      control(R"({"command": "fault", "reader": 0, "plan": {"faults": [{"fault": "status", "status": "6F00"}]}})") ==
      R"({"ok":true,"waiting":1})");
  insert_first();
  BOOST_TEST(first.ask("80A40000023F00") == "6F00");
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
}

BOOST_AUTO_TEST_CASE(a_swap_is_seen_in_the_counters) {
  insert_first();
  const auto other = (folder / "nhi.json").string();
  BOOST_TEST(control(R"({"command": "fault", "reader": 0, "plan": {"faults": [{"fault": "swap", "card": ")" + other +
                     R"("}]}})") == R"({"ok":true,"waiting":1})");
  first.tell("80A40000023F00");
  BOOST_TEST(first.ended());
  first.hang_up();
  first.accept();
  first.tell("01");
  BOOST_TEST(first.ask("80A40000023F00") == "6E00");
  const auto counters = slots.counters(0);
  BOOST_TEST(counters.at("card").as_string() == std::filesystem::canonical(other).string());
  BOOST_TEST(counters.at("apdus").to_number<std::uint64_t>() == 1U);
}

BOOST_AUTO_TEST_CASE(control_requests_are_checked) {
  BOOST_TEST(control("hello") == R"({"error":"the request is not a JSON object"})");
  BOOST_TEST(control("{}") == R"({"error":"command: is missing"})");
  BOOST_TEST(control(R"({"command":"dance"})") == R"({"error":"command: none of insert, remove, fault, counters"})");
  BOOST_TEST(control(R"({"command":"remove"})") == R"({"error":"reader: is missing"})");
  BOOST_TEST(control(R"({"command":"remove","reader":-1})") ==
             R"({"error":"reader: is not a whole number from 0 on"})");
  BOOST_TEST(control(R"({"command":"insert","reader":0,"card":7})") == R"({"error":"card: is not a path"})");
  BOOST_TEST(control(R"({"command":"remove","reader":0})") == R"({"ok":true})"); // an empty reader is no error
}

BOOST_AUTO_TEST_CASE(counters_are_asked_for_one_reader_or_all) {
  const auto all = answer_control(slots, R"({"command":"counters"})");
  BOOST_TEST(all.at("readers").as_array().size() == 2U);
  const auto one = answer_control(slots, R"({"command":"counters","reader":1})").at("readers").as_array();
  BOOST_REQUIRE(one.size() == 1U);
  BOOST_TEST(one[0].at("port").to_number<std::uint16_t>() == second.port());
  BOOST_TEST(answer_control(slots, R"({"command":"counters","reader":2})").contains("error"));
}

BOOST_AUTO_TEST_CASE(counters_are_reset_after_they_were_reported) {
  insert_first();
  BOOST_TEST(first.ask("80A40000023F00") == "9000");
  const auto told = answer_control(slots, R"({"command":"counters","reset":true})").at("readers").at(0).as_object();
  BOOST_TEST(told.at("apdus").to_number<int>() == 1);
  BOOST_TEST(told.at("by_instruction").at("A4").to_number<int>() == 1);
  BOOST_TEST(apdus() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
