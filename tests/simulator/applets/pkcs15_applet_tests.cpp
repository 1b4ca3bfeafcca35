// ISO/IEC 7816-4, -8 and -15, and the choices of docs/simulator.md where they leave one. OpenSC's own tools judge the
// card in the test `opensc`.
#include "simulator/applets/pkcs15_files.hpp"
#include "tests/simulator/cards.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

constexpr const char* select_application = "00A404000CA000000063504B43532D3135";
constexpr const char* right_pin = "002000810C323436383133000000000000";
constexpr const char* wrong_pin = "002000810C303030303030000000000000";
constexpr const char* use_signature_key = "002241B606800111840101";
constexpr const char* digest_info = "3031300D060960864801650304020105000420";

const boost::json::object& file_of(bool raw) {
  const auto make = [](bool with_raw) {
    CardOptions options;
    options.raw = with_raw;
    return personalise("pkcs15", somebody(), options);
  };
  static const auto padding = make(false);
  static const auto whole_blocks = make(true);
  return raw ? whole_blocks : padding;
}

std::shared_ptr<SimulatedCard> card(bool raw = false) {
  return card_from_json(file_of(raw));
}

std::string sign_command(char digit = '7') {
  return std::string("002A9E9A33") + digest_info + std::string(64, digit) + "00";
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs15_applet)

BOOST_AUTO_TEST_CASE(files_are_selected_by_application_path_and_identifier) {
  const auto each = card();
  BOOST_TEST(status(*each, "00B0000000") == "6986");
  BOOST_TEST(say(*each, select_application) == "9000");
  BOOST_TEST(say(*each, "00A4020C025031") == "9000");
  BOOST_TEST(data(*each, "00B0000004") == "A00A3008");
  BOOST_TEST(say(*each, "00A4080C0450155032") == "9000");
  BOOST_TEST(data(*each, "00B0000001") == "30");
  BOOST_TEST(say(*each, "00A4000C023F00") == "9000");
  BOOST_TEST(say(*each, "00A4000C022F00") == "9000");
  BOOST_TEST(data(*each, "00B0000001") == "61");
  BOOST_TEST(status(*each, "00A4080C0450159999") == "6A82");
  BOOST_TEST(status(*each, "00A4040005A000000001") == "6A82");
  BOOST_TEST(status(*each, "00A4070C0450155032") == "6A86");
}

BOOST_AUTO_TEST_CASE(control_information_says_the_size_of_a_file) {
  const auto each = card();
  const auto size = from_hex(file_of(false).at("files").at("3F00/5015/4402").as_string())->size();
  BOOST_TEST(size == 1024U);
  BOOST_TEST(data(*each, "00A40804045015440200") == "620E83024402800204008201018A0105");
}

BOOST_AUTO_TEST_CASE(reading_ends_with_the_file) {
  const auto each = card();
  BOOST_TEST(say(*each, "00A4080C0450154402") == "9000");
  BOOST_TEST(data(*each, "00B0000000").size() == 512U);
  BOOST_TEST(say(*each, "00B003FF00") == "009000");
  BOOST_TEST(say(*each, "00B003FF02") == "006282");
  BOOST_TEST(status(*each, "00B0040001") == "6B00");
  BOOST_TEST(status(*each, "00B0800001") == "6A86");
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_a_try_and_asking_for_the_state_does_not) {
  const auto each = card();
  BOOST_TEST(status(*each, "00200081") == "63C3");
  BOOST_TEST(status(*each, "0020008106323436383133") == "6700");
  BOOST_TEST(status(*each, "002000010C323436383133000000000000") == "6A88");
  BOOST_TEST(status(*each, wrong_pin) == "63C2");
  BOOST_TEST(status(*each, "00200081") == "63C2");
  BOOST_TEST(status(*each, right_pin) == "9000");
  BOOST_TEST(status(*each, "00200081") == "9000");
  each->reset();
  BOOST_TEST(status(*each, "00200081") == "63C3");
  for (const char* answer : {"63C2", "63C1", "63C0", "6983"}) BOOST_TEST(status(*each, wrong_pin) == answer);
  BOOST_TEST(status(*each, right_pin) == "6983");
  BOOST_TEST(each->counters().failed_verifies == 4U);
}

BOOST_AUTO_TEST_CASE(a_signature_wants_a_login_and_a_chosen_key) {
  const auto each = card();
  BOOST_TEST(status(*each, sign_command()) == "6985");
  BOOST_TEST(status(*each, use_signature_key) == "9000");
  BOOST_TEST(status(*each, sign_command()) == "6982");
  BOOST_TEST(status(*each, right_pin) == "9000");
  const auto first = data(*each, sign_command());
  BOOST_TEST(first.size() == 512U);
  BOOST_TEST(data(*each, sign_command()) == first);
  BOOST_TEST(data(*each, sign_command('6')) != first);
  each->reset();
  BOOST_TEST(status(*each, sign_command()) == "6985");
}

BOOST_AUTO_TEST_CASE(an_environment_of_an_unknown_key_or_algorithm_is_refused) {
  const auto each = card();
  BOOST_TEST(status(*each, "002241B603840142") == "6A88");
  BOOST_TEST(status(*each, "002241B606800110840101") == "6A80");
  BOOST_TEST(status(*each, "002241B60384050101") == "6A80");
  BOOST_TEST(status(*each, "002241A403840101") == "6A86");
  BOOST_TEST(status(*card(true), "002241B606800110840101") == "9000");
}

BOOST_AUTO_TEST_CASE(a_long_command_comes_in_one_or_as_a_chain) {
  const auto each = card(true);
  BOOST_TEST(status(*each, right_pin) == "9000");
  BOOST_TEST(status(*each, "002241B606800110840101") == "9000");
  const auto block = "00" + std::string(510, '2');
  const auto whole = data(*each, "002A9E9A000100" + block + "0000");
  BOOST_TEST(say(*each, "102A9E9AFF" + block.substr(0, 510)) == "9000");
  BOOST_TEST(data(*each, "002A9E9A01" + block.substr(510) + "00") == whole);
  // Another command in between breaks the chain.
  BOOST_TEST(say(*each, "102A9E9AFF" + block.substr(0, 510)) == "9000");
  BOOST_TEST(status(*each, "0084000008") == "6985");
}

BOOST_AUTO_TEST_CASE(a_cryptogram_without_padding_is_refused_by_the_card_that_pads) {
  const auto each = card();
  BOOST_TEST(status(*each, right_pin) == "9000");
  BOOST_TEST(status(*each, "002241B806800111840105") == "9000");
  BOOST_TEST(status(*each, "002A80860001010000" + std::string(510, '1') + "0000") == "6A80");
}

BOOST_AUTO_TEST_CASE(other_classes_and_instructions_are_refused) {
  const auto each = card();
  BOOST_TEST(status(*each, "80A40000023F00") == "6E00");
  BOOST_TEST(status(*each, "10A40000023F00") == "6E00");
  BOOST_TEST(status(*each, "00E0000001AA") == "6D00");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
