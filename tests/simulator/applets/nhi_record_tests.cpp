#include "simulator/applets/nhi_record.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator {

namespace {

NhiRecordFields fields() {
  return {"000012345678", "王小明", "A123456789", "1996-01-02", "F", "2021-07-01"};
}

std::string fault(const NhiRecordFields& wrong) {
  try {
    static_cast<void>(nhi_basic_record(wrong));
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.substr(0, text.find(':'));
  }
  return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhi_record)

BOOST_AUTO_TEST_CASE(a_long_name_is_cut_at_twenty_octets_inside_a_character) {
  auto person = fields();
  person.name = "A王王王王王王王王王王"; // 1 + 10 × 2 octets
  const auto record = nhi_basic_record(person);
  BOOST_TEST(record.size() == 57U);
  BOOST_TEST(to_hex(ByteView(record).subspan(12, 20)) == "41A4FDA4FDA4FDA4FDA4FDA4FDA4FDA4FDA4FDA4");
}

BOOST_AUTO_TEST_CASE(names_are_in_taiwans_big5) {
  auto person = fields();
  person.name = "王\u2027明"; // the dot of names of indigenous people; Hong Kong's A145 is U+2022
  BOOST_TEST(to_hex(ByteView(nhi_basic_record(person)).subspan(12, 7)) == "A4FDA145A9FA00");
  person.name = "王堃"; // 堃 is in Hong Kong's set (FB69) and not in Taiwan's
  BOOST_TEST(fault(person) == "name");
}

BOOST_AUTO_TEST_CASE(the_field_that_does_not_fit_is_named) {
  auto wrong = fields();
  wrong.name = "😀";
  BOOST_TEST(fault(wrong) == "name");
  wrong = fields();
  wrong.birth_date = "1911-12-31";
  BOOST_TEST(fault(wrong) == "birth_date");
  wrong = fields();
  wrong.issue_date = "2021-13-01";
  BOOST_TEST(fault(wrong) == "issue_date");
  wrong = fields();
  wrong.card_number = "1";
  BOOST_TEST(fault(wrong) == "card_number");
  BOOST_TEST(fault(fields()) == "");
}

BOOST_AUTO_TEST_CASE(the_calendar_begins_in_1912) {
  auto person = fields();
  person.birth_date = "1912-01-01";
  BOOST_TEST(as_text(ByteView(nhi_basic_record(person)).subspan(42, 7)) == "0010101");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator
