#include "driver/card/citizen/hicos_directory.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace twcard::card {

using testing::has_code;

namespace {

// SEQUENCE { SEQUENCE { label }, SEQUENCE { id }, [1] { SEQUENCE { path into 08F2: 04 06 .. 02 index 80 length } } }
const std::string at_0000 = "301F30030C01723003040152A1133011300F04063F00503008F202010080020456";
const std::string at_1500 = "302030030C01733003040153A1143012301004063F00503008F20202150080020456";
const std::string at_8000 = "302030030C01623003040142A1143012301004063F00503008F20203008000800110";
// The same with a path to another file.
const std::string elsewhere = "301E30030C01783003040158A1123010300E04063F0050300870020100800110";
// SEQUENCE { SEQUENCE { label }, SEQUENCE { id, usage, access flags, INTEGER key reference }, [1] { .. 2048 } }
const std::string key_01 = "302730030C016B300E04014B03020520030203B8020101A110300E300804063F005030081002020800";
const std::string key_11 = "302730030C016B300E04014B03020520030203B8020111A110300E300804063F005030081002020800";

std::vector<std::size_t> offsets(const std::string& hex) {
  std::vector<std::size_t> all;
  for (const auto& entry : certificate_entries(*from_hex(hex))) all.push_back(entry.offset);
  return all;
}
std::string names(const std::string& hex) {
  std::string all;
  for (const auto& entry : certificate_entries(*from_hex(hex))) all += "[" + entry.id + "|" + entry.label + "]";
  return all;
}
std::vector<std::uint8_t> references(const std::string& hex) {
  return private_key_references(*from_hex(hex));
}
bool complete(const std::string& hex) {
  return directory_is_complete(*from_hex(hex));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_directory)

BOOST_AUTO_TEST_CASE(offsets_come_in_the_order_of_the_directory_and_each_once) {
  const std::vector<std::size_t> both{0x1500, 0x0000};
  BOOST_CHECK(offsets(at_1500 + at_0000) == both);
  BOOST_CHECK(offsets(at_1500 + at_0000 + at_1500) == both);
}

BOOST_AUTO_TEST_CASE(padding_and_the_length_at_the_end_are_no_entries) {
  const std::vector<std::size_t> one{0x0000};
  for (const auto* rest : {"", "0000000021", "00", "FFFFFF2100", "2100", "FF"})
    BOOST_CHECK(offsets(at_0000 + rest) == one);
  BOOST_TEST(offsets("").empty());
  BOOST_TEST(offsets("FFFF0000").empty());
}

BOOST_AUTO_TEST_CASE(entries_for_other_files_are_passed_over) {
  BOOST_CHECK(offsets(elsewhere + at_0000) == std::vector<std::size_t>{0x0000});
}

BOOST_AUTO_TEST_CASE(identifiers_and_labels_are_the_cards) {
  BOOST_TEST(names(at_1500 + at_0000) == "[S|s][R|r]");
  const std::string path = "A1143012301004063F00503008F20202150080020456";
  // SEQUENCE { SEQUENCE { label }, SEQUENCE { id }, [1] { path } }
  const auto entry = [&path](const std::string& attributes) {
    const auto size = (attributes.size() + path.size()) / 2;
    return "30" + to_hex(Bytes{static_cast<std::uint8_t>(size)}) + attributes + path;
  };
  BOOST_TEST(names(entry("30090C074341204365727430080406434143657274")) == "[CACert|CA Cert]");
  BOOST_TEST(names(entry("30053003040145")) == "[|]"); // no label, another order
  BOOST_TEST(names(entry("30003000")) == "[|]");       // neither
  BOOST_TEST(names(entry("300030040402"
                         "4500")) == "[4500|]");             // not a text
  BOOST_TEST(names(entry("3000300404024120")) == "[4120|]"); // a space
  BOOST_TEST(names(entry("30050C0361FF0A3003040145")) == "[E|a\xEF\xBF\xBD?]");
}

BOOST_AUTO_TEST_CASE(an_offset_that_read_binary_cannot_say_is_refused) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(offsets(at_8000)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_damaged_entry_is_refused) {
  auto inner = *from_hex(at_0000);
  inner[3] = 0x7F;
  BOOST_CHECK_EXCEPTION(static_cast<void>(certificate_entries(inner)), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(offsets(at_0000.substr(0, 40))), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(offsets("3080" + at_0000)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(key_references_come_from_the_key_attributes) {
  const std::vector<std::uint8_t> both{0x01, 0x11};
  BOOST_CHECK(references(key_01 + key_11 + "0000") == both);
  BOOST_TEST(references("00").empty());
}

BOOST_AUTO_TEST_CASE(a_key_entry_of_another_shape_is_refused) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(references("30020500")), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(references("3000")), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_directory_is_complete_once_something_follows_its_last_entry) {
  BOOST_TEST(!complete(""));
  BOOST_TEST(!complete(at_0000.substr(0, 2)));
  BOOST_TEST(!complete(at_0000.substr(0, 20)));
  BOOST_TEST(!complete(at_0000));
  BOOST_TEST(complete(at_0000 + "00"));
  BOOST_TEST(complete(at_0000 + "FF"));
  BOOST_TEST(!complete(at_0000 + at_1500.substr(0, 30)));
  BOOST_TEST(complete("FF"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
