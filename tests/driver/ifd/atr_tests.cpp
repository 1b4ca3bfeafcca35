#include "driver/base/error.hpp"
#include "driver/ifd/atr.hpp"
#include "driver/ifd/card_parameters.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

#include <random>

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

BOOST_AUTO_TEST_SUITE(answer_to_reset)

BOOST_AUTO_TEST_CASE(the_citizen_card_of_the_first_generation) {
  const auto atr = parse_atr(hex("3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41 A5"));
  BOOST_REQUIRE(atr);
  BOOST_TEST((atr->protocols == std::vector{Protocol::T1}));
  BOOST_TEST(atr->ta1 == 0x13);
  BOOST_TEST(atr->ifsc == 0xFA);
  BOOST_TEST(atr->bwi == 5);
  BOOST_TEST(atr->cwi == 2);
}

BOOST_AUTO_TEST_CASE(a_health_insurance_card) {
  const auto atr = parse_atr(hex("3B FF 18 00 FF 81 31 FE 45 54 48 43 43 31 30 54 45 43 4F 47 44 48 4E 32 24"));
  BOOST_REQUIRE(atr);
  BOOST_TEST((atr->protocols == std::vector{Protocol::T1}));
  BOOST_TEST(atr->extra_guard_time == 0xFF);
  BOOST_TEST(atr->ifsc == 0xFE);
}

BOOST_AUTO_TEST_CASE(the_shortest_answer_offers_t0_with_the_values_of_the_standard) {
  const auto atr = parse_atr(hex("3B 00"));
  BOOST_REQUIRE(atr);
  BOOST_TEST((atr->protocols == std::vector{Protocol::T0}));
  BOOST_TEST(atr->ta1 == 0x11);
  BOOST_TEST(atr->waiting_integer == 10);
}

BOOST_AUTO_TEST_CASE(both_protocols_in_the_order_of_the_card) {
  const auto atr = parse_atr(hex("3B 80 80 01 01"));
  BOOST_REQUIRE(atr);
  BOOST_TEST((atr->protocols == std::vector{Protocol::T0, Protocol::T1}));
}

BOOST_AUTO_TEST_CASE(a_specific_mode_is_not_a_field_size) {
  const auto atr = parse_atr(hex("3B 90 95 91 81 31 FE 45 9F"));
  BOOST_REQUIRE(atr);
  BOOST_TEST(atr->specific_mode.has_value());
  BOOST_TEST(int{*atr->specific_mode} == 1);
  BOOST_TEST(atr->ifsc == 0xFE);
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_to_reset_is_rejected) {
  for (const char* octets : {"", "3B", "3C 00", "3B 01", "3B 00 00", "3B 80", "3B 80 01", "3B 80 81 31",
                             "3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41 A4",    // check character
                             "3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41",       // without it
                             "3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41 A5 00", // with one octet more
                             "3B 80 81 11 00 10",                                     // field size 0
                             "3B 80 0E 8E"})                                          // a protocol that nobody knows
    BOOST_TEST(!parse_atr(hex(octets)), octets);
}

BOOST_AUTO_TEST_CASE(any_octets_are_survived) {
  std::mt19937 random(7816);
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    Bytes octets(random() % 40);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    if (octets.size() > 1 && random() % 2 == 0) octets[0] = 0x3B;
    const auto atr = parse_atr(octets);
    if (!atr) continue;
    ++accepted;
    BOOST_REQUIRE(!atr->protocols.empty());
    BOOST_REQUIRE(atr->ifsc >= 1);
    BOOST_REQUIRE(atr->bwi <= 9);
  }
  BOOST_TEST(accepted > 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parameters)

namespace {

AnswerToReset with_ta1(std::uint8_t ta1) {
  AnswerToReset atr;
  atr.protocols = {Protocol::T1};
  atr.ta1 = ta1;
  return atr;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_cards_rate_is_taken_where_the_reader_reaches_it) {
  // 372/4: 38,495 bit/s; 512/16: 111,875; 512/32: 223,750 is too fast; reserved factors stay away.
  BOOST_TEST(int{choose_parameters(with_ta1(0x13), Protocol::T1).factors} == 0x13);
  BOOST_TEST(int{choose_parameters(with_ta1(0x95), Protocol::T1).factors} == 0x95);
  BOOST_TEST(int{choose_parameters(with_ta1(0x96), Protocol::T1).factors} == 0x11);
  BOOST_TEST(int{choose_parameters(with_ta1(0x70), Protocol::T1).factors} == 0x11);
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_for_that_holds_already) {
  BOOST_TEST(!choose_parameters(with_ta1(0x11), Protocol::T1).request_needed);
  BOOST_TEST(choose_parameters(with_ta1(0x13), Protocol::T1).request_needed);
  AnswerToReset both = with_ta1(0x11);
  both.protocols = {Protocol::T0, Protocol::T1};
  BOOST_TEST(!choose_parameters(both, Protocol::T0).request_needed);
  BOOST_TEST(choose_parameters(both, Protocol::T1).request_needed);
}

BOOST_AUTO_TEST_CASE(a_card_in_specific_mode_is_not_asked) {
  AnswerToReset atr = with_ta1(0x95);
  atr.specific_mode = 1;
  const auto parameters = choose_parameters(atr, Protocol::T1);
  BOOST_TEST(!parameters.request_needed);
  BOOST_TEST(int{parameters.factors} == 0x95);
  check_fails(Errc::UnsupportedCard, [&] { return choose_parameters(atr, Protocol::T0); });
}

BOOST_AUTO_TEST_CASE(protocols_that_are_not_offered_and_blocks_with_a_crc_are_refused) {
  check_fails(Errc::UnsupportedCard, [] { return choose_parameters(with_ta1(0x11), Protocol::T0); });
  AnswerToReset atr = with_ta1(0x11);
  atr.cyclic_check = true;
  check_fails(Errc::UnsupportedCard, [&] { return choose_parameters(atr, Protocol::T1); });
}

BOOST_AUTO_TEST_CASE(request_and_structures_are_those_of_the_standards) {
  const auto atr = parse_atr(hex("3B B8 13 00 81 31 FA 52 43 48 54 4D 4F 49 43 41 A5")).value();
  const auto chosen = choose_parameters(atr, Protocol::T1);
  BOOST_TEST(parameter_request(chosen) == hex("FF 11 13 FD"));
  BOOST_TEST(parameter_structure(atr, chosen) == hex("13 10 00 52 00 FA 00"));
  AnswerToReset plain;
  plain.protocols = {Protocol::T0};
  BOOST_TEST(parameter_structure(plain, choose_parameters(plain, Protocol::T0)) == hex("11 00 00 0A 00"));
}

BOOST_AUTO_TEST_CASE(waiting_times_follow_the_cards_integers) {
  AnswerToReset atr = with_ta1(0x11);
  // 2^4 * 960 * 372 clocks and 11 elementary time units of 372, at 3.58 MHz
  BOOST_TEST(choose_parameters(atr, Protocol::T1).waiting_time.count() == 1598);
  atr.bwi = 5;
  BOOST_TEST(choose_parameters(atr, Protocol::T1).waiting_time.count() == 3194);
  atr.protocols = {Protocol::T0};
  // 960 * 10 * 372 clocks
  BOOST_TEST(choose_parameters(atr, Protocol::T0).waiting_time.count() == 998);
}

BOOST_AUTO_TEST_SUITE_END()
