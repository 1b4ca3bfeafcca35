#include "daemon/prompt/safe_text.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::prompt {

namespace {
const std::string mark = "\xEF\xBF\xBD";
}

BOOST_AUTO_TEST_SUITE(safe_text_of_strangers)

BOOST_AUTO_TEST_CASE(ordinary_text_of_any_script_is_shown_as_it_is) {
  BOOST_TEST(safe_text("/usr/bin/firefox-esr", 64) == "/usr/bin/firefox-esr");
  BOOST_TEST(safe_text("/home/王小明/程式", 64) == "/home/王小明/程式");
  BOOST_TEST(safe_text("\xF0\xA0\x80\x8B", 64) == "\xF0\xA0\x80\x8B");
}

BOOST_AUTO_TEST_CASE(line_breaks_and_control_characters_are_replaced) {
  BOOST_TEST(safe_text("a\nb\rc\td", 64) == "a" + mark + "b" + mark + "c" + mark + "d");
  BOOST_TEST(safe_text(std::string_view("a\0b\x1b\x7f", 5), 64) == "a" + mark + "b" + mark + mark);
  BOOST_TEST(safe_text("\xC2\x85\xE2\x80\xA8\xE2\x80\xA9", 64) == mark + mark + mark);
}

BOOST_AUTO_TEST_CASE(direction_overrides_and_invisible_characters_are_replaced) {
  for (const char* invisible :
       {"\xE2\x80\xAE", "\xE2\x80\xAD", "\xE2\x80\x8F", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xD8\x9C", "\xE2\x80\x8B",
        "\xEF\xBB\xBF", "\xC2\xAD", "\xE1\xA0\x8E", "\xF3\xA0\x80\xA1", "\xEE\x80\x80", "\xE3\x85\xA4"})
    BOOST_TEST(safe_text(std::string("x") + invisible + "y", 64) == "x" + mark + "y");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_replaced_octet_by_octet) {
  BOOST_TEST(safe_text("\xFF", 64) == mark);
  BOOST_TEST(safe_text("\xC0\xAF", 64) == mark + mark);                        // overlong "/"
  BOOST_TEST(safe_text("\xE0\x80\x8A", 64) == mark + mark + mark);             // overlong line feed
  BOOST_TEST(safe_text("\xED\xA0\x80", 64).find("\xED") == std::string::npos); // surrogate
  BOOST_TEST(safe_text("\xF4\x90\x80\x80", 64) == mark + mark + mark + mark);
  BOOST_TEST(safe_text("a\xE7\x8E", 64) == "a" + mark + mark);
}

BOOST_AUTO_TEST_CASE(white_space_cannot_push_text_to_another_line) {
  BOOST_TEST(safe_text("a" + std::string(500, ' ') + "b", 64) == "a b");
  BOOST_TEST(safe_text("a \xE3\x80\x80\xC2\xA0 b", 64) == "a b");
}

BOOST_AUTO_TEST_CASE(long_text_loses_its_middle_and_keeps_whole_characters) {
  const auto shown = safe_text("/start/" + std::string(1000, 'x') + "/end", 32);
  BOOST_TEST(shown.size() == 32U);
  BOOST_TEST(shown.substr(0, 7) == "/start/");
  BOOST_TEST(shown.substr(shown.size() - 4) == "/end");
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "中";
  for (std::size_t limit = 16; limit < 24; ++limit) {
    const auto part = safe_text(chinese, limit);
    BOOST_TEST(part.size() <= limit);
    BOOST_TEST(part.size() % 3 == 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
