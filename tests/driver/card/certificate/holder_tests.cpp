#include "driver/card/certificate/holder.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

namespace {

// SEQUENCE { SEQUENCE { 2.16.886.1.100.2.51, SET { PrintableString "6789" } }, SEQUENCE { 2.16.886.1.100.2.1, SET {
// 2.16.886.1.100.3 and what follows } } }
Bytes attributes(std::string_view below) {
  const auto element = [](std::uint8_t tag, std::initializer_list<Bytes> parts) {
    Bytes content;
    for (const auto& part : parts) content.insert(content.end(), part.begin(), part.end());
    content.insert(content.begin(), {tag, static_cast<std::uint8_t>(content.size())});
    return content;
  };
  const auto type = element(0x06, {*from_hex("608676016403"), *from_hex(below)});
  return element(0x30, {*from_hex("30110607608676016402333106130436373839"),
                        element(0x30, {*from_hex("060760867601640201"), element(0x31, {type})})});
}

std::string name(ByteView octets) {
  return std::string(name_of(holder_type(octets)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(holder)

BOOST_AUTO_TEST_CASE(the_subject_type_is_named) {
  const std::pair<const char*, const char*> types[] = {{"0101", "citizen"},
                                                       {"0109", "resident"},
                                                       {"0107", "medical_person"},
                                                       {"020101", "government_agency"},
                                                       {"020102", "government_unit"},
                                                       {"02020101", "company"},
                                                       {"02030301", "branch"},
                                                       {"020301", "business"},
                                                       {"0215", "medical_organisation"}};
  for (const auto& [below, expected] : types) BOOST_TEST(name(attributes(below)) == expected);
}

BOOST_AUTO_TEST_CASE(everything_else_is_unknown) {
  for (const auto* below : {"", "01", "010101", "0102", "0202", "0202010101"})
    BOOST_TEST(name(attributes(below)) == "unknown");
  BOOST_TEST(name(*from_hex("3013301106076086760164023331061304363738")) == "unknown");
  const auto whole = attributes("0101");
  for (std::size_t size = 0; size < whole.size(); ++size) BOOST_TEST(name(ByteView(whole).first(size)) == "unknown");
}

BOOST_AUTO_TEST_CASE(the_last_four_characters_are_read_or_left_out) {
  const auto whole = attributes("0101");
  BOOST_TEST(last_four(whole) == "6789");
  const auto list = [](const std::string& attribute) {
    return *from_hex("30" + to_hex(Bytes{static_cast<std::uint8_t>(attribute.size() / 2)}) + attribute);
  };
  BOOST_TEST(last_four(list("30110607608676016402333106130436373839")) == "6789");
  BOOST_TEST(last_four(list("301106076086760164023331060C0436373839")).empty());                // UTF8String
  BOOST_TEST(last_four(list("30110607608676016402333106130436372039")).empty());                // a space
  BOOST_TEST(last_four(list("301106076086760164023331061304363738FF")).empty());                // not ASCII
  BOOST_TEST(last_four(list("301E06076086760164023331131311" + std::string(34, '3'))).empty()); // 17 characters
  for (std::size_t size = 0; size < 20; ++size) BOOST_TEST(last_four(ByteView(whole).first(size)).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
