#include "driver/base/utf8.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard {

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(valid_text_stays_as_it_is) {
  for (const auto* valid :
       {"", "Reader 00 00", "王小明", "\U00020BB7", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    BOOST_TEST(is_valid_utf8(valid));
    BOOST_TEST(valid_utf8(valid) == valid);
  }
}

BOOST_AUTO_TEST_CASE(each_octet_that_is_not_a_character_is_replaced) {
  const std::string mark = "\xEF\xBF\xBD";
  BOOST_TEST(valid_utf8("Lecteur \xE0 puce") == "Lecteur " + mark + " puce");     // Latin-1
  BOOST_TEST(valid_utf8("\xE8\xAE\x80\xE5\x8D") == "\xE8\xAE\x80" + mark + mark); // cut in a character
  BOOST_TEST(valid_utf8("\x80") == mark);
  BOOST_TEST(valid_utf8("\xC0\xAF") == mark + mark);                    // overlong
  BOOST_TEST(valid_utf8("\xE0\x9F\xBF") == mark + mark + mark);         // overlong
  BOOST_TEST(valid_utf8("\xED\xA0\x80") == mark + mark + mark);         // a surrogate
  BOOST_TEST(valid_utf8("\xF4\x90\x80\x80").size() == 4 * mark.size()); // above 10FFFF
  BOOST_TEST(valid_utf8("\xF0\x8F\xBF\xBF").size() == 4 * mark.size()); // overlong
  BOOST_TEST(valid_utf8("\xFF") == mark);
  for (const auto* invalid : {"\x80", "\xC3", "\xE8\xAE", "a\xC3(", "\xF0\x9F\x98"})
    BOOST_TEST(!is_valid_utf8(invalid));
}

BOOST_AUTO_TEST_CASE(a_label_is_one_line_of_whole_characters) {
  BOOST_TEST(label_text("a\nb\x7F"
                        "c\xC2\x85",
                        64) == "a?b?c?");
  BOOST_TEST(label_text("王小明", 8) == "王小");
  BOOST_TEST(label_text("王小明", 9) == "王小明");
  BOOST_TEST(label_text(std::string_view("a\0b", 3), 64) == "a?b");
  BOOST_TEST(label_text("\xFF\xFF", 3) == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
