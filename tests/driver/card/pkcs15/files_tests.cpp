#include "driver/card/pkcs15/files.hpp"

#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::ScriptedChannel;

namespace {

constexpr const char* select_application = "00A404000CA000000063504B43532D3135";
const Pkcs15Path certificate{{0x3F, 0x00, 0x50, 0x15, 0x43, 0x01}, 0, std::nullopt};

std::string repeated(const char* octet, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += octet;
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs15_files)

BOOST_AUTO_TEST_CASE(the_first_form_of_select_that_works_is_the_only_one_from_then_on) {
  ScriptedChannel card;
  card.expect("00A4080C0450154301", "6A86")
      .expect("00A408000450154301 00", "6A86")
      .expect("00A4000C023F00", "9000")
      .expect("00A4000C025015", "9000")
      .expect("00A4000C024301", "9000");
  card.expect("00A4000C023F00", "9000").expect("00A4000C025015", "6A82");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  files.select(certificate);
  BOOST_CHECK_EXCEPTION(files.select(certificate), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_CASE(a_file_named_alone_is_looked_for_in_the_application) {
  ScriptedChannel card;
  card.expect(select_application, "9000").expect("00A4000C025031", "9000");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  files.select({{0x50, 0x31}, 0, std::nullopt});
}

BOOST_AUTO_TEST_CASE(an_application_without_a_name_is_found_by_the_directory_of_applications) {
  ScriptedChannel card;
  card.expect(select_application, "6A82")
      .expect("00A4080C022F00", "9000")
      .expect("00B0000000", "61164F0CA000000063504B43532D313551063F005F005015 9000")
      .expect("00A4080C045F005015", "9000");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  BOOST_TEST(files.find_application());
  BOOST_TEST(to_hex(habits.application.value().path) == "3F005F005015");
}

BOOST_AUTO_TEST_CASE(a_directory_of_applications_that_is_damaged_names_none) {
  ScriptedChannel card;
  card.expect(select_application, "6A82").expect("00A4080C022F00", "9000").expect("00B0000000", "617F4F 9000");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  BOOST_TEST(!files.find_application());
}

BOOST_AUTO_TEST_CASE(a_directory_is_read_up_to_its_padding) {
  ScriptedChannel card;
  card.expect("00A4080C0450154301", "9000")
      .expect("00B0000000", "3081FD" + repeated("11", 253) + "9000")
      .expect("00B0010000", "3001AA0000" + repeated("00", 251) + "9000");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  BOOST_TEST(files.read_directory(certificate).size() == 256U + 4U);
}

BOOST_AUTO_TEST_CASE(a_card_that_refuses_long_reads_is_asked_for_less) {
  ScriptedChannel card;
  card.expect("00A4080C0450154301", "9000")
      .expect("00B0000000", "6700")
      .expect("00B0000080", "308184" + repeated("11", 125) + "9000")
      .expect("00B0008080", "11111111111111 6282");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  BOOST_TEST(files.read_object(certificate, 8192).size() == 3U + 132U);
}

BOOST_AUTO_TEST_CASE(an_object_in_a_file_is_as_long_as_it_says_and_no_longer_than_its_limit) {
  const auto read = [](const char* answer, std::size_t limit) {
    ScriptedChannel card;
    card.expect("00A4080C0450154301", "9000").expect("00B0001000", answer);
    reader::Transaction transaction(card);
    Pkcs15Habits habits;
    auto part = certificate;
    part.index = 0x10;
    return Pkcs15Files(transaction, habits).read_object(part, limit);
  };
  BOOST_TEST(to_hex(read("3003020105FFFF 9000", 16)) == "3003020105");
  BOOST_CHECK_EXCEPTION(static_cast<void>(read("3082200030 9000", 8192)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_not_an_object) {
  ScriptedChannel card;
  card.expect("00A4080C0450154301", "9000").expect("00B0000000", "30101111 9000").expect("00B0000400", "6B00");
  reader::Transaction transaction(card);
  Pkcs15Habits habits;
  Pkcs15Files files(transaction, habits);
  BOOST_CHECK_EXCEPTION(static_cast<void>(files.read_object(certificate, 8192)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
