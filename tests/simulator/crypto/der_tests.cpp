#include "simulator/crypto/der.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator {

BOOST_AUTO_TEST_SUITE(der_writer)

BOOST_AUTO_TEST_CASE(lengths_take_their_shortest_form) {
  BOOST_TEST(to_hex(der::octet_string(Bytes(127))).substr(0, 4) == "047F");
  BOOST_TEST(to_hex(der::octet_string(Bytes(128))).substr(0, 6) == "048180");
  BOOST_TEST(to_hex(der::octet_string(Bytes(256))).substr(0, 8) == "04820100");
}

BOOST_AUTO_TEST_CASE(integers_stay_positive) {
  BOOST_TEST(to_hex(der::integer(0)) == "020100");
  BOOST_TEST(to_hex(der::integer(127)) == "02017F");
  BOOST_TEST(to_hex(der::integer(128)) == "02020080");
  BOOST_TEST(to_hex(der::integer(0x0700)) == "02020700");
}

// X.690 section 11.2.2: no trailing zero bits, and their number in the first octet.
BOOST_AUTO_TEST_CASE(named_bits_end_at_the_last_set_bit) {
  BOOST_TEST(to_hex(der::named_bits({0})) == "03020780");
  BOOST_TEST(to_hex(der::named_bits({1, 5})) == "03020244");
  BOOST_TEST(to_hex(der::named_bits({9})) == "0303060040");
  BOOST_TEST(to_hex(der::named_bits({})) == "030100");
}

BOOST_AUTO_TEST_CASE(parts_follow_each_other) {
  BOOST_TEST(to_hex(der::sequence({der::boolean(true), der::utf8_string("A")})) == "30060101FF0C0141");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator
