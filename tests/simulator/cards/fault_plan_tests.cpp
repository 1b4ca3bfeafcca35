#include "simulator/cards/fault_plan.hpp"

#include "driver/base/error.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

std::vector<Fault> plan(const std::string& text) {
  return faults_from_json(boost::json::parse(text).as_object());
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(plan(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string refusal_of_fault(const std::string& fault) {
  return refusal(R"({"faults": [{"fault": "mute"}, )" + fault + "]}");
}

std::string altered_by(const std::string& fault, const char* answer) {
  return to_hex(altered(plan(R"({"faults": [)" + fault + "]}").front(), *from_hex(answer)));
}

const Bytes select = *from_hex("80A40000023F00");
const Bytes read = *from_hex("80B00000C8");

// One digit a command: 1 when a fault hits it.
std::string hits(const std::string& faults, const std::vector<Bytes>& commands) {
  FaultPlayer player;
  player.play(plan(faults));
  std::string pattern;
  for (const auto& command : commands) pattern += player.next(command) ? '1' : '0';
  return pattern;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_plan)

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_plan_is_named) {
  BOOST_TEST(refusal("{}") == "plan: faults: is not an array of 1 to 64 faults");
  BOOST_TEST(refusal(R"({"faults": []})") == "plan: faults: is not an array of 1 to 64 faults");
  BOOST_TEST(refusal(R"({"faults": [1]})") == "plan: faults[0]: is not an object");
  BOOST_TEST(refusal(R"({"name": "x", "faults": []})") == "plan: name: unknown member");
  BOOST_TEST(refusal_of_fault(R"({})") == "plan: faults[1].fault: is not a string");
  BOOST_TEST(refusal_of_fault(R"({"fault": "fire"})") ==
             "plan: faults[1].fault: is not one of status, truncate, length, delay, mute, remove, atr, swap");
  BOOST_TEST(refusal_of_fault(R"({"fault": "mute", "ms": 1})") ==
             "plan: faults[1].ms: this kind of fault has no such member");
  BOOST_TEST(refusal_of_fault(R"({"fault": "mute", "at": 0})") ==
             "plan: faults[1].at: is not a whole number from 1 to 1000000000");
  BOOST_TEST(refusal_of_fault(R"({"fault": "mute", "times": 1.5})") ==
             "plan: faults[1].times: is not a whole number from 0 to 1000000000");
  BOOST_TEST(refusal_of_fault(R"({"fault": "mute", "instruction": "B"})") ==
             "plan: faults[1].instruction: is not an octet of two hexadecimal digits");
  BOOST_TEST(refusal_of_fault(R"({"fault": "status", "status": "90"})") ==
             "plan: faults[1].status: is not a status word of four hexadecimal digits");
  BOOST_TEST(refusal_of_fault(R"({"fault": "truncate"})") ==
             "plan: faults[1].octets: is not a whole number from 1 to 65000");
  BOOST_TEST(refusal_of_fault(R"({"fault": "delay", "ms": 600001})") ==
             "plan: faults[1].ms: is not a whole number from 0 to 600000");
  BOOST_TEST(refusal_of_fault(R"({"fault": "atr", "atr": "3B"})") ==
             "plan: faults[1].atr: is not 2 to 33 octets in hexadecimal");
  BOOST_TEST(refusal_of_fault(R"({"fault": "swap", "card": 7})") == "plan: faults[1].card: is not a string");
}

BOOST_AUTO_TEST_CASE(answers_are_altered_as_planned) {
  BOOST_TEST(altered_by(R"({"fault": "status", "status": "63C2"})", "AABB9000") == "63C2");
  BOOST_TEST(altered_by(R"({"fault": "truncate", "octets": 3})", "AABB9000") == "AABB90");
  BOOST_TEST(altered_by(R"({"fault": "truncate", "octets": 9})", "AABB9000") == "AABB9000");
  BOOST_TEST(altered_by(R"({"fault": "length", "octets": 2})", "AABB9000") == "AABB00009000");
  BOOST_TEST(altered_by(R"({"fault": "length", "octets": -1})", "AABB9000") == "AA9000");
  BOOST_TEST(altered_by(R"({"fault": "length", "octets": -9})", "AABB9000") == "9000");
  BOOST_TEST(altered_by(R"({"fault": "delay", "ms": 1})", "AABB9000") == "AABB9000");
}

BOOST_AUTO_TEST_CASE(a_fault_hits_the_commands_of_its_plan) {
  const std::vector<Bytes> mixed{select, read, select, read, read};
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute"}]})", mixed) == "10000");
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute", "at": 3}]})", mixed) == "00100");
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute", "at": 2, "times": 2}]})", mixed) == "01100");
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute", "at": 4, "times": 0}]})", mixed) == "00011");
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute", "instruction": "B0", "at": 2}]})", mixed) == "00010");
  BOOST_TEST(hits(R"({"faults": [{"fault": "mute"}, {"fault": "remove", "at": 2}]})", mixed) == "11000");
}

BOOST_AUTO_TEST_CASE(the_first_fault_of_several_hits) {
  FaultPlayer player;
  player.play(plan(R"({"faults": [{"fault": "mute", "at": 2}, {"fault": "remove", "times": 0}]})"));
  BOOST_CHECK(player.next(select)->kind == FaultKind::Remove);
  BOOST_CHECK(player.next(select)->kind == FaultKind::Mute);
  BOOST_TEST(player.waiting() == 1U);
}

BOOST_AUTO_TEST_CASE(a_removal_after_so_many_commands_lets_these_through) {
  FaultPlayer player;
  player.play(removal_after(2));
  BOOST_TEST(!player.next(select));
  BOOST_TEST(!player.next(select));
  BOOST_CHECK(player.next(select)->kind == FaultKind::Remove);
  BOOST_TEST(player.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(a_new_plan_replaces_the_old_one_and_counts_from_zero) {
  FaultPlayer player;
  player.play(plan(R"({"faults": [{"fault": "mute", "at": 2}]})"));
  BOOST_TEST(!player.next(select));
  player.play(plan(R"({"faults": [{"fault": "mute", "at": 2}]})"));
  BOOST_TEST(!player.next(select));
  BOOST_TEST(player.next(select).has_value());
  player.play({});
  BOOST_TEST(!player.next(select));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
