#include "driver/card/citizen/hicos_files.hpp"

#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::ScriptedChannel;

namespace {

std::string octets(std::size_t count) {
  std::string hex;
  for (std::size_t i = 0; i < count; ++i) hex += "5A";
  return hex;
}

struct Fixture {
  ScriptedChannel card;
  std::optional<reader::Transaction> transaction{std::in_place, card};
  HicosFiles files{*transaction};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hicos_files, Fixture)

BOOST_AUTO_TEST_CASE(a_path_is_selected_step_by_step) {
  card.expect("80A40000023F00", "9000").expect("80A40000025030", "9000");
  files.select({0x3F00, 0x5030});
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_an_answer_or_an_error_as_the_caller_wants) {
  card.expect("80A40000024104", "6A82").expect("80A40000024104", "6A82").expect("80A40000024104", "9000");
  BOOST_TEST(!files.try_select(0x4104));
  BOOST_CHECK_EXCEPTION(files.select({0x4104}), Error, has_code(Errc::CardRefused));
  BOOST_TEST(files.try_select(0x4104));
}

BOOST_AUTO_TEST_CASE(long_files_are_read_200_octets_at_a_time) {
  card.expect("80B00100C8", octets(200) + "9000").expect("80B001C8C8", octets(200) + "9000");
  card.expect("80B002900A", octets(10) + "9000");
  BOOST_TEST(files.read(0x0100, 410).size() == 410U);
}

BOOST_AUTO_TEST_CASE(a_card_that_refuses_long_reads_is_asked_for_16_octets_from_then_on) {
  card.expect("80B0000014", "6987").expect("80B0000010", octets(16) + "9000").expect("80B0001004", octets(4) + "9000");
  BOOST_TEST(files.read(0, 20).size() == 20U);
  card.expect("80B0080010", octets(16) + "9000").expect("80B0081010", octets(16) + "9000");
  BOOST_TEST(files.read(0x0800, 32).size() == 32U);
}

BOOST_AUTO_TEST_CASE(a_card_that_refuses_short_reads_too_is_believed) {
  card.expect("80B00000C8", "6987").expect("80B0000010", "6987");
  BOOST_CHECK_EXCEPTION(static_cast<void>(files.read(0, 200)), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_CASE(a_file_may_end_early) {
  card.expect("80B00000C8", octets(12) + "6282");
  BOOST_TEST(files.read(0, 400).size() == 12U);
  card.expect("80B01000C8", "6B00");
  BOOST_TEST(files.read(0x1000, 200).empty());
}

BOOST_AUTO_TEST_CASE(a_short_answer_is_read_on) {
  card.expect("80B00000C8", octets(100) + "9000").expect("80B0006464", octets(100) + "9000");
  BOOST_TEST(files.read(0, 200).size() == 200U);
}

BOOST_AUTO_TEST_CASE(more_octets_than_asked_for_and_none_at_all_are_the_cards_fault) {
  card.expect("80B0000004", octets(5) + "9000").expect("80B0000004", "9000");
  BOOST_CHECK_EXCEPTION(static_cast<void>(files.read(0, 4)), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(files.read(0, 4)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_record_of_another_length_is_refused) {
  card.expect("80B2030003", "AABBCC9000").expect("80B2030003", "AABB9000").expect("80B2030003", "6A83");
  BOOST_CHECK(files.read_record(3, 3) == (Bytes{0xAA, 0xBB, 0xCC}));
  BOOST_TEST(!files.read_record(3, 3).has_value());
  BOOST_TEST(!files.read_record(3, 3).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
