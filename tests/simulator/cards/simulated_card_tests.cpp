#include "tests/simulator/cards.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

BOOST_AUTO_TEST_SUITE(simulated_card)

BOOST_AUTO_TEST_CASE(a_malformed_command_is_answered_6700) {
  const auto card = nhi_card();
  for (const char* octets : {"", "00", "00A404", "00A4040005D1", "00A404000200000000"})
    BOOST_TEST(say(*card, octets) == "6700", octets);
}

BOOST_AUTO_TEST_CASE(counters_count_commands_octets_and_instructions) {
  const auto card = nhi_card();
  card->reset_counters();
  BOOST_TEST(status(*card, "00A4040010D1580000010000000000000000001100") == "9000");
  BOOST_TEST(status(*card, "00CA0000020000") == "9000");
  BOOST_TEST(status(*card, "00CA") == "6700");
  const auto counters = card->counters();
  BOOST_TEST(counters.apdus == 3U);
  BOOST_TEST(counters.octets_in == 21U + 7U + 2U);
  BOOST_TEST(counters.octets_out == 2U + 14U + 2U);
  BOOST_TEST(counters.by_instruction.size() == 2U);
  BOOST_TEST(counters.by_instruction.at(0xA4) == 1U);
  BOOST_TEST(counters.by_instruction.at(0xCA) == 1U);
  BOOST_TEST(counters.resets == 0U);
}

BOOST_AUTO_TEST_CASE(resets_are_counted_and_the_count_can_restart) {
  const auto card = nhi_card();
  card->reset();
  card->reset();
  BOOST_TEST(card->counters().resets == 2U);
  card->reset_counters();
  BOOST_TEST(card->counters().resets == 0U);
}

BOOST_AUTO_TEST_CASE(the_time_from_the_last_answer_to_the_reset_is_kept) {
  const auto card = nhi_card();
  card->reset();
  card->reset_counters();
  card->reset();
  BOOST_TEST(!card->counters().reset_after.has_value(), "a reset after no command");
  const auto before = std::chrono::steady_clock::now();
  static_cast<void>(say(*card, "00CA0000020000"));
  card->reset();
  const auto between = std::chrono::steady_clock::now() - before;
  const auto kept = card->counters().reset_after;
  BOOST_TEST_REQUIRE(kept.has_value());
  BOOST_TEST((*kept >= std::chrono::microseconds(0) && *kept <= between));
  card->reset();
  BOOST_TEST((card->counters().reset_after == kept), "a second reset is after no command");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
