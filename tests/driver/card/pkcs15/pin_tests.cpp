#include "driver/card/pkcs15/pin.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using Encoding = Pkcs15Pin::Encoding;

namespace {

Pkcs15Pin object(Encoding encoding, std::size_t stored, bool padded) {
  Pkcs15Pin pin;
  pin.encoding = encoding;
  pin.min_length = 4;
  pin.max_length = 8;
  pin.stored_length = stored;
  pin.needs_padding = padded;
  return pin;
}

std::string field(const Pkcs15Pin& object, std::string_view digits) {
  return to_hex(pkcs15_pin_field(object, Pin::take(SecureBytes::copy_of(as_bytes(digits)))));
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs15_pin)

BOOST_AUTO_TEST_CASE(text_goes_as_it_is_and_is_padded_where_the_card_says_so) {
  BOOST_TEST(field(object(Encoding::Text, 8, false), "246813") == "323436383133");
  auto padded = object(Encoding::Text, 8, true);
  BOOST_TEST(field(padded, "246813") == "323436383133FFFF");
  padded.padding = 0x00;
  BOOST_TEST(field(padded, "246813") == "3234363831330000");
  BOOST_TEST(field(padded, "24681357") == "3234363831333537");
}

BOOST_AUTO_TEST_CASE(digits_are_packed_as_the_card_says) {
  BOOST_TEST(field(object(Encoding::PackedBcd, 4, false), "246813") == "246813");
  BOOST_TEST(field(object(Encoding::PackedBcd, 4, false), "24681") == "24681F");
  BOOST_TEST(field(object(Encoding::PackedBcd, 4, true), "24681") == "24681FFF");
  BOOST_TEST(field(object(Encoding::HalfByteBcd, 8, false), "2468") == "F2F4F6F8");
  // ISO 9564-1, format 2.
  BOOST_TEST(field(object(Encoding::Iso9564, 8, true), "24681") == "2524681FFFFFFFFF");
  BOOST_TEST(field(object(Encoding::Iso9564, 8, false), "2468") == "242468FFFFFFFFFF");
}

BOOST_AUTO_TEST_CASE(a_pin_that_cannot_be_right_is_refused_before_the_card_sees_it) {
  const auto refused = [](const Pkcs15Pin& with, std::string_view digits) {
    BOOST_CHECK_EXCEPTION(field(with, digits), Error, has_code(Errc::PinLength));
  };
  refused(object(Encoding::Text, 8, true), "246");
  refused(object(Encoding::Text, 8, true), "246813579");
  refused(object(Encoding::PackedBcd, 8, true), "24A8");
  auto digits = object(Encoding::Text, 8, true);
  digits.digits_only = true;
  refused(digits, "pass");
  BOOST_TEST(field(object(Encoding::Text, 8, false), "pass") == "70617373");
  auto long_one = object(Encoding::Iso9564, 8, true);
  long_one.max_length = 20;
  refused(long_one, "123456789012345");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
