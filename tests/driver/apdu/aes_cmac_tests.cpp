#include "driver/apdu/aes_cmac.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

namespace {

// NIST SP 800-38B appendix D.1 (AES-128); RFC 4493 section 4 has the same examples.
const Bytes key = *from_hex("2B7E151628AED2A6ABF7158809CF4F3C");
const Bytes message = *from_hex("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
                                "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710");

std::string mac_of(std::size_t octets) {
  return to_hex(aes_cmac(key, ByteView(message).first(octets)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(aes_cmac_of_messages)

BOOST_AUTO_TEST_CASE(the_examples_of_the_standard_come_out) {
  BOOST_TEST(mac_of(0) == "BB1D6929E95937287FA37D129B756746");
  BOOST_TEST(mac_of(16) == "070A16B46B4D4144F79BDD9DD04A287C");
  BOOST_TEST(mac_of(40) == "DFA66747DE9AE63030CA32611497C827");
  BOOST_TEST(mac_of(64) == "51F0BEBF7E3B9D92FC49741779363CFE");
}

BOOST_AUTO_TEST_CASE(a_key_of_another_length_is_refused) {
  for (const std::size_t size : {0U, 15U, 17U, 24U, 32U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(aes_cmac(Bytes(size), message)), Error, has_code(Errc::Internal));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
