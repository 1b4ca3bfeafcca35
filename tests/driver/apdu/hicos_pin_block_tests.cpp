#include "driver/apdu/hicos_pin_block.hpp"

#include "tests/support/has_code.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

namespace {

// Keys and IV of the test alone: 00 01 02 ...
constexpr std::array<std::uint8_t, 16> key{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::array<std::uint8_t, 8> iv{0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17};

Pin pin(std::string_view digits) {
  return Pin::take(SecureBytes::copy_of(as_bytes(digits)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_pin_block_suite)

// Made with the openssl program, which pads as PKCS#7 by itself:
//   K=000102030405060708090A0B0C0D0E0F0001020304050607 IV=1011121314151617 P=313233343536ffffffff
//   M=$(echo $P | xxd -r -p | openssl enc -des-ede3-cbc -K $K -iv $IV | tail -c 8 | xxd -p)
//   echo $P$M | xxd -r -p | openssl enc -des-ede3-cbc -K $K -iv $IV | xxd -p
// and the first one once more with Python's cryptography package.
BOOST_AUTO_TEST_CASE(blocks_are_those_of_the_openssl_program) {
  BOOST_TEST(to_hex(hicos_pin_block(pin("123456"), key, iv)) ==
             "1011121314151617CB916433D12206F277266992B3885C888216AA875054561E");
  BOOST_TEST(to_hex(hicos_pin_block(pin("12345678"), key, iv)) ==
             "1011121314151617C6733C242F729ED34A9F1AAA2E5BC75E01F9AC2F0D517760");
}

BOOST_AUTO_TEST_CASE(each_iv_makes_another_block) {
  auto other = iv;
  other.back() ^= 1;
  const auto first = hicos_pin_block(pin("123456"), key, iv);
  const auto second = hicos_pin_block(pin("123456"), key, other);
  BOOST_CHECK(!std::equal(first.begin() + 8, first.end(), second.begin() + 8));
}

BOOST_AUTO_TEST_CASE(a_pin_longer_than_its_field_is_refused) {
  BOOST_TEST(hicos_pin_block(pin("1234567890"), key, iv).size() == 32U);
  BOOST_CHECK_EXCEPTION(static_cast<void>(hicos_pin_block(pin("12345678901"), key, iv)), Error,
                        has_code(Errc::PinLength));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
