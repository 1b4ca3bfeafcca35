// The facts of docs/cards/nhi.md, and the choices of docs/simulator.md where that is silent.
#include "tests/simulator/cards.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

constexpr const char* select_insurance = "00A4040010D1580000010000000000000000001100";
constexpr const char* select_sam = "00A4040010D1580000010000000000000000003100";
constexpr const char* basic_record = "00CA1100020000";

std::shared_ptr<SimulatedCard> selected() {
  auto card = nhi_card();
  BOOST_TEST(say(*card, select_insurance) == "9000");
  return card;
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhi_applet)

BOOST_AUTO_TEST_CASE(the_answer_to_reset_is_one_of_the_real_cards) {
  BOOST_TEST(to_hex(nhi_card()->atr()) == "3BFF1800FF8131FE455448434331305445434F4744484E3224");
}

BOOST_AUTO_TEST_CASE(both_forms_of_the_application_identifier_are_known) {
  const auto card = nhi_card();
  BOOST_TEST(say(*card, select_insurance) == "9000");
  BOOST_TEST(say(*card, "00A404000FD15800000100000000000000000011"
                        "00") == "9000");
  BOOST_TEST(say(*card, select_sam) == "9000");
  BOOST_TEST(say(*card, "00A4040010D1580000010000000000000000002100") == "6A82");
  BOOST_TEST(say(*card, "00A4040007A0000002471001") == "6A82");
}

BOOST_AUTO_TEST_CASE(the_basic_record_has_its_fields_in_their_places) {
  const auto record = *from_hex(data(*selected(), basic_record));
  BOOST_REQUIRE(record.size() == 57U);
  const auto text = [&](std::size_t at, std::size_t size) {
    return std::string(as_text(ByteView(record).subspan(at, size)));
  };
  BOOST_TEST(text(0, 12).find_first_not_of("0123456789") == std::string::npos);
  BOOST_TEST(to_hex(ByteView(record).subspan(12, 8)) == "A4FDA470A9FA0000"); // 王小明 in Big5, then NUL
  BOOST_TEST(text(32, 10) == "A123456789");
  BOOST_TEST(text(42, 7) == "0850102"); // 1996-01-02
  BOOST_TEST(text(49, 1) == "F");
  BOOST_TEST(text(50, 7) == "1100701"); // 2021-07-01
}

BOOST_AUTO_TEST_CASE(data_is_given_with_and_without_le) {
  const auto card = selected();
  const auto record = data(*card, basic_record);
  BOOST_TEST(data(*card, std::string(basic_record) + "00") == record);
  BOOST_TEST(data(*card, std::string(basic_record) + "39") == record);
  BOOST_TEST(say(*card, std::string(basic_record) + "10") == "6C39");
}

BOOST_AUTO_TEST_CASE(card_number_and_card_data_are_objects_of_their_own) {
  const auto card = selected();
  const auto record = data(*card, basic_record);
  BOOST_TEST(data(*card, "00CA000002000000") == record.substr(0, 24));
  BOOST_TEST(data(*card, "00CA240002000000") == "20");
  auto person = somebody();
  person.termination = "1";
  const auto terminated = card_from_json(personalise("nhi", person));
  BOOST_TEST(say(*terminated, select_insurance) == "9000");
  BOOST_TEST(data(*terminated, "00CA2400020000") == "31");
}

BOOST_AUTO_TEST_CASE(other_objects_lengths_and_data_are_refused) {
  const auto card = selected();
  BOOST_TEST(say(*card, "00CA1200020000") == "6A88");
  BOOST_TEST(say(*card, "00CA1100020001") == "6A80");
  BOOST_TEST(say(*card, "00CA110000") == "6700");
  BOOST_TEST(say(*card, "00CA110003000000") == "6700");
}

BOOST_AUTO_TEST_CASE(nothing_is_answered_before_the_applet_is_selected) {
  const auto card = nhi_card();
  BOOST_TEST(say(*card, basic_record) == "6985");
  BOOST_TEST(say(*card, "0084000008") == "6985");
  BOOST_TEST(say(*card, select_sam) == "9000");
  BOOST_TEST(say(*card, basic_record) == "6A88");
}

BOOST_AUTO_TEST_CASE(a_card_may_have_its_applet_selected_from_the_reset_on) {
  CardOptions options;
  options.habits = {Habit::SelectedByDefault};
  const auto card = nhi_card(options);
  BOOST_TEST(data(*card, basic_record).size() == 2 * 57U);
  BOOST_TEST(say(*card, select_sam) == "9000");
  BOOST_TEST(say(*card, basic_record) == "6A88");
  card->reset();
  BOOST_TEST(data(*card, basic_record).size() == 2 * 57U);
}

BOOST_AUTO_TEST_CASE(a_card_may_answer_an_unknown_application_as_an_unknown_command) {
  CardOptions options;
  options.habits = {Habit::UnknownAid6d00};
  const auto card = nhi_card(options);
  BOOST_TEST(say(*card, select_insurance) == "9000");
  BOOST_TEST(say(*card, "00A4040007A0000002471001") == "6D00");
  BOOST_TEST(say(*card, "00A4040010D1580000010000000000000000002100") == "6D00");
  BOOST_TEST(data(*card, basic_record).size() == 2 * 57U); // still selected
}

BOOST_AUTO_TEST_CASE(a_record_may_be_longer) {
  CardOptions options;
  options.habits = {Habit::LongRecord};
  const auto card = nhi_card(options);
  BOOST_TEST(say(*card, select_insurance) == "9000");
  BOOST_TEST(data(*card, basic_record).size() == 2 * 60U);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_the_selection) {
  const auto card = selected();
  card->reset();
  BOOST_TEST(say(*card, basic_record) == "6985");
}

BOOST_AUTO_TEST_CASE(another_class_or_instruction_is_not_answered) {
  const auto card = selected();
  BOOST_TEST(say(*card, "80CA1100020000") == "6E00");
  BOOST_TEST(say(*card, "00200001083132333435360000") == "6D00"); // no PIN without a secure access module
  BOOST_TEST(say(*card, "00B0000010") == "6D00");
}

BOOST_AUTO_TEST_CASE(challenges_are_eight_octets_and_differ) {
  const auto card = selected();
  const auto first = data(*card, "0084000008");
  BOOST_TEST(first.size() == 16U);
  BOOST_TEST(data(*card, "0084000008") != first);
  BOOST_TEST(say(*card, "0084000010") == "6700");
}

BOOST_AUTO_TEST_CASE(mutual_authentication_needs_a_challenge_and_never_succeeds) {
  const auto card = selected();
  const auto authenticate = "0082111220" + std::string(64, '5') + "10";
  BOOST_TEST(say(*card, authenticate) == "6985");
  BOOST_TEST(status(*card, "0084000008") == "9000");
  BOOST_TEST(say(*card, authenticate) == "6982");
  BOOST_TEST(say(*card, authenticate) == "6985"); // the challenge is used up
  BOOST_TEST(say(*card, "00821112100000000000000000000000000000000010") == "6700");
}

BOOST_AUTO_TEST_CASE(a_card_may_hand_its_answers_out_by_get_response) {
  CardOptions options;
  options.get_response = true;
  const auto card = nhi_card(options);
  BOOST_TEST(say(*card, select_insurance) == "9000");
  BOOST_TEST(say(*card, "00C0000039") == "6985");
  BOOST_TEST(say(*card, basic_record) == "6139");
  BOOST_TEST(data(*card, "00C0000039").size() == 2 * 57U);
  BOOST_TEST(say(*card, "00C0000039") == "6985"); // given once
  BOOST_TEST(say(*card, basic_record) == "6139");
  BOOST_TEST(status(*card, "0084000008") == "9000");
  BOOST_TEST(say(*card, "00C0000039") == "6985"); // another command came between
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
