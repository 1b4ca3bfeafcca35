#include "simulator/person/assuan.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator {

BOOST_AUTO_TEST_SUITE(assuan_lines)

BOOST_AUTO_TEST_CASE(escapes_become_octets) {
  BOOST_TEST(assuan::unescape("a%0Ab%25c%e7%8e%8b") == "a\nb%c王");
  BOOST_TEST(assuan::unescape("%") == "%");
  BOOST_TEST(assuan::unescape("50%!!") == "50%!!");
  BOOST_TEST(assuan::unescape("%4") == "%4");
  BOOST_TEST(assuan::unescape("%41") == "A");
}

BOOST_AUTO_TEST_CASE(only_what_would_break_a_line_is_escaped) {
  BOOST_TEST(assuan::escape("a\nb%c\rd王") == "a%0Ab%25c%0Dd王");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator
