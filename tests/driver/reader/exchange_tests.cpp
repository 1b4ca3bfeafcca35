#include "driver/reader/exchange.hpp"

#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::reader {

using testing::has_code;
using testing::ScriptedChannel;

namespace {

const apdu::CommandApdu command{0x00, 0xCA, 0x11, 0x00, {0x00, 0x00}, 256};
constexpr const char* sent = "00CA110002000000";

apdu::ResponseApdu run(ScriptedChannel& card) {
  Transaction transaction(card);
  return exchange(transaction, command);
}

std::string zeros(std::size_t octets) {
  return std::string(2 * octets, '0');
}

} // namespace

BOOST_AUTO_TEST_SUITE(exchange_suite)

BOOST_AUTO_TEST_CASE(a_plain_answer_takes_one_command) {
  ScriptedChannel card;
  card.expect(sent, "AABB9000");
  BOOST_TEST(to_hex(run(card).encode()) == "AABB9000");
}

BOOST_AUTO_TEST_CASE(announced_data_is_fetched_in_the_commands_class) {
  ScriptedChannel card;
  card.expect("80CA110002000000", "6102").expect("80C0000002", "AABB 6101").expect("80C0000001", "CC 9000");
  Transaction transaction(card);
  auto other_class = command;
  other_class.cla = 0x80;
  BOOST_TEST(to_hex(exchange(transaction, other_class).encode()) == "AABBCC9000");
}

BOOST_AUTO_TEST_CASE(data_beside_the_announcement_is_kept) {
  ScriptedChannel card;
  card.expect(sent, "AA 6100").expect("00C0000000", "BB 9000");
  BOOST_TEST(to_hex(run(card).data) == "AABB");
}

BOOST_AUTO_TEST_CASE(the_length_that_the_card_names_is_tried_once) {
  ScriptedChannel card;
  card.expect(sent, "6C02").expect("00CA110002000002", "AABB 9000");
  BOOST_TEST(to_hex(run(card).data) == "AABB");

  ScriptedChannel stubborn;
  stubborn.expect(sent, "6C02").expect("00CA110002000002", "6C03");
  BOOST_TEST(run(stubborn).status.value() == 0x6C03);
}

BOOST_AUTO_TEST_CASE(a_wrong_length_of_get_response_is_also_corrected) {
  ScriptedChannel card;
  card.expect(sent, "6110").expect("00C0000010", "6C02").expect("00C0000002", "AABB9000");
  BOOST_TEST(to_hex(run(card).data) == "AABB");
}

BOOST_AUTO_TEST_CASE(a_refusal_comes_back_as_a_value) {
  ScriptedChannel card;
  card.expect(sent, "6A82");
  BOOST_TEST(run(card).status.value() == 0x6A82);
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_given_up_after_256_continuations) {
  ScriptedChannel card;
  card.expect(sent, "6101");
  for (int i = 0; i < 256; ++i) card.expect("00C0000001", "AA6101");
  BOOST_CHECK_EXCEPTION(static_cast<void>(run(card)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(exactly_256_continuations_are_accepted) {
  ScriptedChannel card;
  card.expect(sent, "6100");
  for (int i = 0; i < 255; ++i) card.expect("00C0000000", zeros(256) + "6100");
  card.expect("00C0000000", zeros(256) + "9000");
  BOOST_TEST(run(card).data.size() == 65536U);
}

BOOST_AUTO_TEST_CASE(an_answer_of_more_than_65536_octets_is_given_up) {
  ScriptedChannel card;
  card.expect(sent, zeros(65536) + "6101").expect("00C0000001", "AA9000");
  BOOST_CHECK_EXCEPTION(static_cast<void>(run(card)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::reader
