#include "cli/frame/terminal_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard::cli;

BOOST_AUTO_TEST_SUITE(terminal_text)

BOOST_AUTO_TEST_CASE(plain_text_in_any_script_stays_as_it_is) {
  for (const std::string text : {"", "Virtual PCD 00 00", "王小明", "Žluťoučký", "𠮷野家", "a\\b"})
    BOOST_TEST(escaped(text) == text);
}

BOOST_AUTO_TEST_CASE(control_characters_become_visible) {
  BOOST_TEST(escaped("a\x1b[2Jb") == "a\\u{1B}[2Jb");
  BOOST_TEST(escaped("one\ntwo\r\t") == "one\\u{A}two\\u{D}\\u{9}");
  BOOST_TEST(escaped(std::string("\0", 1)) == "\\u{0}");
  BOOST_TEST(escaped("\x7f") == "\\u{7F}");
  BOOST_TEST(escaped("\xC2\x9B"
                     "31m") == "\\u{9B}31m");
}

BOOST_AUTO_TEST_CASE(marks_that_turn_or_hide_text_become_visible) {
  BOOST_TEST(escaped("\xE2\x80\xAEgnp") == "\\u{202E}gnp");
  BOOST_TEST(escaped("\xE2\x80\x8B") == "\\u{200B}");
  BOOST_TEST(escaped("\xE2\x81\xA6") == "\\u{2066}");
  BOOST_TEST(escaped("\xE2\x80\xA8") == "\\u{2028}");
  BOOST_TEST(escaped("\xEF\xBB\xBF") == "\\u{FEFF}");
  BOOST_TEST(escaped("\xF3\xA0\x81\x81") == "\\u{E0041}");
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_utf8_become_visible_one_by_one) {
  BOOST_TEST(escaped("\xFF") == "\\x{FF}");
  BOOST_TEST(escaped("\xC3") == "\\x{C3}");            // cut
  BOOST_TEST(escaped("\xC0\xAF") == "\\x{C0}\\x{AF}"); // longer than needed
  BOOST_TEST(escaped("\xE0\x80\xAF") == "\\x{E0}\\x{80}\\x{AF}");
  BOOST_TEST(escaped("\xED\xA0\x80") == "\\x{ED}\\x{A0}\\x{80}");            // a surrogate
  BOOST_TEST(escaped("\xF4\x90\x80\x80") == "\\x{F4}\\x{90}\\x{80}\\x{80}"); // over U+10FFFF
  BOOST_TEST(escaped("\xE7\x8E"
                     "A") == "\\x{E7}\\x{8E}A");
}

BOOST_AUTO_TEST_CASE(json_keeps_its_meaning_when_it_is_made_visible) {
  const std::string json = "{\"a\":\"王\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81\"}";
  BOOST_TEST(escaped_json(json) == "{\"a\":\"王\\u009b\\u202e\\udb40\\udc41\"}");
  BOOST_TEST((boost::json::parse(escaped_json(json)) == boost::json::parse(json)));
}

BOOST_AUTO_TEST_CASE(east_asian_characters_take_two_columns) {
  BOOST_TEST(display_width("ab") == 2u);
  BOOST_TEST(display_width("卡號") == 4u);
  BOOST_TEST(padded("卡號", 6) + "|" == "卡號  |");
  BOOST_TEST(padded("longer", 3) == "longer");
}

BOOST_AUTO_TEST_SUITE_END()
