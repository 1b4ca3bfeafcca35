// T=1 against the scenarios of ISO/IEC 7816-3:2006, annex A, by their numbers. Rules are those of clause 11.6.3.2.
//
// The annex's text was not at hand. The exchanges of 1 to 24, 26, 27 and 29 to 32 are those that a public test suite
// gives for these numbers (t1prime-protocol-tests.cpp of Infineon's host library for T=1', whose blocks carry the same
// PCBs); a second one (unit tests of a T=1 stack that name annex A) agrees in 1, 5, 10, 11, 14, 16, 23 and 34. 25 and
// 28, where the interface device aborts a chain of its own accord, are no behaviour of this driver. For 33 and 35 no
// public text was found: rule 7.4.2, which they belong to, is tested by its wording.
#include "driver/ifd/t1.hpp"
#include "tests/driver/ifd/annex_card.hpp"

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

namespace {

const Bytes one_block = hex("0102");
const Bytes three_blocks = hex("010203040506");
constexpr T1Settings two_octets{.ifsc = 2};

// One command of one block over that scenario, answered by the card's fields in that order.
void play(std::vector<AnnexCard::Exchange> scenario, std::initializer_list<unsigned> fields, const Bytes& command) {
  AnnexCard card(std::move(scenario));
  Bytes wanted;
  for (const unsigned sequence : fields) {
    const Bytes field = AnnexCard::field(sequence);
    wanted.insert(wanted.end(), field.begin(), field.end());
  }
  BOOST_TEST(T1(card, two_octets).transceive(command) == wanted);
}
void play(std::vector<AnnexCard::Exchange> scenario) {
  play(std::move(scenario), {0}, one_block);
}

} // namespace

BOOST_AUTO_TEST_SUITE(t1_annex_a)

// A.2, free of errors

BOOST_AUTO_TEST_CASE(scenario_1_exchange_of_i_blocks_rule_2_1) {
  AnnexCard card({{"I(0,0)", "I(0,0)"}, {"I(1,0)", "I(1,0)"}});
  T1 session(card, two_octets);
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(1));
}

BOOST_AUTO_TEST_CASE(scenario_2_waiting_time_extension_rule_3) {
  play({{"I(0,0)", "S(WTX request)"}, {"S(WTX response)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_3_field_size_of_the_card_rule_4) {
  play({{"I(0,0)", "S(IFS request)"}, {"S(IFS response)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_4_field_size_of_the_interface_device_rule_4) {
  AnnexCard card({{"I(0,0)", "I(0,0)"}, {"S(IFS request)", "S(IFS response)"}, {"I(1,0)", "I(1,0)"}});
  T1 session(card, two_octets);
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
  session.announce_field_size(AnnexCard::field_size);
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(1));
}

BOOST_AUTO_TEST_CASE(scenario_5_chain_of_the_interface_device_rule_5) {
  play({{"I(0,1)", "R(1)"}, {"I(1,1)", "R(0)"}, {"I(0,0)", "I(0,0)"}}, {0}, three_blocks);
}

BOOST_AUTO_TEST_CASE(scenario_6_chain_of_the_card_rule_5) {
  AnnexCard card({{"I(0,0)", "I(0,1)"}, {"R(1)", "I(1,0)"}, {"I(1,0)", "I(0,0)"}});
  T1 session(card, two_octets);
  BOOST_TEST(session.transceive(one_block) == hex("A0A1B0B1"));
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
}

BOOST_AUTO_TEST_CASE(scenario_7_chain_of_the_card_that_ends_in_an_empty_block_rule_5) {
  AnnexCard card({{"I(0,0)", "I(0,1)"}, {"R(1)", "I(1,0) LEN=00"}, {"I(1,0)", "I(0,0)"}});
  T1 session(card, two_octets);
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
}

// A.3, errors: exchange of I-blocks

BOOST_AUTO_TEST_CASE(scenario_8_the_command_arrives_bent_rule_7_1) {
  play({{"~I(0,0)", "R(0)"}, {"I(0,0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_9_the_response_arrives_bent_rule_7_1) {
  play({{"I(0,0)", "~I(0,0)"}, {"R(0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_10_command_and_receipt_arrive_bent_rule_7_1) {
  play({{"~I(0,0)", "~R(0)"}, {"R(0)", "R(0)"}, {"I(0,0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_11_response_and_receipt_arrive_bent_rule_7_2) {
  play({{"I(0,0)", "~I(0,0)"}, {"~R(0)", "R(1)"}, {"R(0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_12_response_and_both_receipts_arrive_bent_rule_7_2) {
  play({{"I(0,0)", "~I(0,0)"}, {"~R(0)", "~R(1)"}, {"R(0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_13_response_and_three_receipts_arrive_bent_rule_7_2) {
  play({{"I(0,0)", "~I(0,0)"}, {"~R(0)", "~R(1)"}, {"~R(0)", "R(1)"}, {"R(0)", "I(0,0)"}});
}

// A.3, errors: waiting time and field size

BOOST_AUTO_TEST_CASE(scenarios_14_and_15_the_request_for_time_arrives_bent_rules_3_and_7_1) {
  play({{"I(0,0)", "~S(WTX request)"}, {"R(0)", "S(WTX request)"}, {"S(WTX response)", "I(0,0)"}});
  play({{"I(0,0)", "~S(WTX request)"}, {"~R(0)", "S(WTX request)"}, {"S(WTX response)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenarios_16_and_17_the_field_size_of_the_card_arrives_bent_rules_4_and_7_1) {
  play({{"I(0,0)", "~S(IFS request)"}, {"R(0)", "S(IFS request)"}, {"S(IFS response)", "I(0,0)"}});
  play({{"I(0,0)", "~S(IFS request)"}, {"~R(0)", "S(IFS request)"}, {"S(IFS response)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_18_our_agreement_arrives_bent_rule_7_3) {
  play({{"I(0,0)", "S(IFS request)"}, {"~S(IFS response)", "S(IFS request)"}, {"S(IFS response)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_19_the_response_after_our_agreement_arrives_bent_rules_7_1_and_7_3) {
  play({{"I(0,0)", "S(IFS request)"}, {"S(IFS response)", "~I(0,0)"}, {"R(0)", "I(0,0)"}});
}

BOOST_AUTO_TEST_CASE(scenario_20_response_and_receipt_after_our_agreement_arrive_bent_rules_7_2_and_7_3) {
  play({{"I(0,0)", "S(IFS request)"}, {"S(IFS response)", "~I(0,0)"}, {"~R(0)", "R(1)"}, {"R(0)", "I(0,0)"}});
}

// A.3, errors: chains

BOOST_AUTO_TEST_CASE(scenario_21_a_receipt_in_our_chain_arrives_bent_rules_5_and_7_1) {
  play({{"I(0,1)", "~R(1)"}, {"R(0)", "R(1)"}, {"I(1,1)", "R(0)"}, {"I(0,0)", "I(0,0)"}}, {0}, three_blocks);
}

BOOST_AUTO_TEST_CASE(scenario_22_two_receipts_in_our_chain_arrive_bent_rules_5_and_7_1) {
  play({{"I(0,1)", "~R(1)"}, {"~R(0)", "R(1)"}, {"I(1,1)", "R(0)"}, {"I(0,0)", "I(0,0)"}}, {0}, three_blocks);
}

BOOST_AUTO_TEST_CASE(scenario_23_our_receipt_in_the_cards_chain_arrives_bent_rules_5_and_7_2) {
  play({{"I(0,0)", "I(0,1)"}, {"~R(1)", "R(1)"}, {"R(1)", "I(1,0)"}}, {0, 1}, one_block);
}

BOOST_AUTO_TEST_CASE(scenario_24_both_receipts_in_the_cards_chain_arrive_bent_rules_5_and_7_2) {
  play({{"I(0,0)", "I(0,1)"}, {"~R(1)", "~R(1)"}, {"R(1)", "I(1,0)"}}, {0, 1}, one_block);
}

// A.3, abortion of a chain. Up to the card's last word as the annex has it; then this driver resynchronises, as it may
// at any time (rule 6.1), so that nothing of the broken chain is left in the card.

namespace {

void play_abortion(std::vector<AnnexCard::Exchange> scenario, const Bytes& command) {
  scenario.push_back({"S(RESYNCH request)", "S(RESYNCH response)"});
  scenario.push_back({"I(0,0)", "I(0,0)"});
  AnnexCard card(std::move(scenario));
  T1 session(card, two_octets);
  check_fails(Errc::BadCardData, [&] { return session.transceive(command); });
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
}

} // namespace

BOOST_AUTO_TEST_CASE(scenario_26_the_card_aborts_its_own_chain_rule_9) {
  play_abortion({{"I(0,0)", "I(0,1)"}, {"R(1)", "S(ABORT request)"}, {"S(ABORT response)", "R(1)"}}, one_block);
}

BOOST_AUTO_TEST_CASE(scenario_27_the_card_aborts_our_chain_rule_9) {
  play_abortion({{"I(0,1)", "R(1)"}, {"I(1,1)", "S(ABORT request)"}, {"S(ABORT response)", "R(0)"}}, three_blocks);
}

// A.3, resynchronisation; here after three failed attempts (rule 7.4.2).

namespace {

void play_resynchronisation(std::vector<AnnexCard::Exchange> scenario) {
  std::vector<AnnexCard::Exchange> whole{{"I(0,0)", "~I(0,0)"}, {"R(0)", "~I(0,0)"}, {"R(0)", "~I(0,0)"}};
  whole.insert(whole.end(), scenario.begin(), scenario.end());
  whole.push_back({"I(0,0)", "I(0,0)"});
  AnnexCard card(std::move(whole));
  T1 session(card, two_octets);
  check_fails(Errc::BadCardData, [&] { return session.transceive(one_block); });
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
}

} // namespace

BOOST_AUTO_TEST_CASE(scenarios_29_and_34_resynchronisation_after_three_attempts_rules_6_and_7_4_2) {
  play_resynchronisation({{"S(RESYNCH request)", "S(RESYNCH response)"}});
}

BOOST_AUTO_TEST_CASE(scenario_30_the_response_to_resynchronisation_arrives_bent_rules_6_and_7_3) {
  play_resynchronisation(
      {{"S(RESYNCH request)", "~S(RESYNCH response)"}, {"S(RESYNCH request)", "S(RESYNCH response)"}});
}

BOOST_AUTO_TEST_CASE(scenario_31_the_request_for_resynchronisation_arrives_bent_rules_6_and_7_3) {
  play_resynchronisation({{"~S(RESYNCH request)", "R(0)"}, {"S(RESYNCH request)", "S(RESYNCH response)"}});
}

BOOST_AUTO_TEST_CASE(scenario_32_request_for_resynchronisation_and_receipt_arrive_bent_rules_6_and_7_3) {
  play_resynchronisation({{"~S(RESYNCH request)", "~R(0)"}, {"S(RESYNCH request)", "S(RESYNCH response)"}});
}

BOOST_AUTO_TEST_CASE(rule_7_4_2_in_the_middle_of_the_cards_chain) {
  AnnexCard card({{"I(0,0)", "I(0,1)"},
                  {"R(1)", "~I(1,0)"},
                  {"R(1)", "~I(1,0)"},
                  {"R(1)", "~I(1,0)"},
                  {"S(RESYNCH request)", "S(RESYNCH response)"},
                  {"I(0,0)", "I(0,0)"}});
  T1 session(card, two_octets);
  check_fails(Errc::BadCardData, [&] { return session.transceive(one_block); });
  BOOST_TEST(session.transceive(one_block) == AnnexCard::field(0));
}

BOOST_AUTO_TEST_CASE(rule_6_4_three_failed_resynchronisations_leave_the_card_to_a_reset) {
  AnnexCard card({{"I(0,0)", "~I(0,0)"},
                  {"R(0)", "~I(0,0)"},
                  {"R(0)", "~I(0,0)"},
                  {"S(RESYNCH request)", "R(0)"},
                  {"S(RESYNCH request)", "~R(0)"},
                  {"S(RESYNCH request)", "~S(RESYNCH response)"}});
  check_fails(Errc::BadCardData, [&] { return T1(card, two_octets).transceive(one_block); });
}

BOOST_AUTO_TEST_SUITE_END()
