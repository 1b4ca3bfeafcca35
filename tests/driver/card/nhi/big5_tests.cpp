#include "driver/card/nhi/big5.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

namespace {

DecodedText decode(std::string_view hex) {
  return decode_big5(*from_hex(hex));
}

} // namespace

BOOST_AUTO_TEST_SUITE(big5)

// Octets by Python's big5hkscs codec.
BOOST_AUTO_TEST_CASE(names_become_utf8) {
  BOOST_TEST(decode("A4FDA470A9FA").text == "王小明");
  BOOST_TEST(decode("B3AFACFCACC2").text == "陳美玲");
  BOOST_TEST(decode("4C696EA470A9FA").text == "Lin小明");
  BOOST_TEST(!decode("A4FDA470A9FA").uncertain);
}

BOOST_AUTO_TEST_CASE(the_hong_kong_supplement_is_known) {
  BOOST_TEST(decode("8840").text == "㇀");
  BOOST_TEST(decode("9AE4").text == "帋");
  BOOST_TEST(decode("8862").text == "\xC3\x8A\xCC\x84"); // two characters of Unicode
  BOOST_TEST(!decode("88408862").uncertain);
}

BOOST_AUTO_TEST_CASE(text_ends_at_the_first_nul_and_before_trailing_spaces) {
  BOOST_TEST(decode("A4FD000000").text == "王");
  BOOST_TEST(decode("A4FD2020").text == "王");
  BOOST_TEST(decode("A4FD0041").text == "王");
  BOOST_TEST(decode("00").text.empty());
  BOOST_TEST(decode("").text.empty());
}

BOOST_AUTO_TEST_CASE(what_has_no_sure_unicode_is_replaced_and_flagged) {
  const std::pair<const char*, const char*> cases[] = {{"A4FDFA40", "王\uFFFD"}, // user-defined
                                                       {"A4FDFEFE", "王\uFFFD"}, // the last of them
                                                       {"A4FDA4", "王\uFFFD"},   // cut in the middle
                                                       {"A4FD80", "王\uFFFD"},   // no lead octet
                                                       {"A4FDFF40", "王\uFFFD"}, // no lead octet, then a letter
                                                       {"A4FDA4FF", "王\uFFFD"}, // no trail octet
                                                       {"A4FD1B", "王\uFFFD"},   // a control character
                                                       {"A4FD7F", "王\uFFFD"}};
  for (const auto& [hex, text] : cases) {
    const auto decoded = decode(hex);
    BOOST_TEST_CONTEXT(hex) {
      BOOST_TEST(decoded.text.starts_with(text));
      BOOST_TEST(decoded.uncertain);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_pair_of_octets_gives_utf8) {
  for (unsigned lead = 1; lead < 256; ++lead)
    for (unsigned trail = 1; trail < 256; ++trail) {
      const Bytes pair{static_cast<std::uint8_t>(lead), static_cast<std::uint8_t>(trail)};
      const auto decoded = decode_big5(pair);
      BOOST_REQUIRE(decoded.text.size() <= 2 * 3 + 2);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
