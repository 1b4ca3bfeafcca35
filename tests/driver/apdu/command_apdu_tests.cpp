#include "driver/apdu/command_apdu.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

namespace {

CommandApdu command(std::size_t data, std::optional<std::uint32_t> le) {
  return {0x80, 0xB0, 0x01, 0x02, ScrubbedBytes(data, 0x55), le};
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_apdu)

// ISO/IEC 7816-3 section 12.1.3: the seven encodings.
BOOST_AUTO_TEST_CASE(each_case_has_its_encoding) {
  BOOST_TEST(to_hex(command(0, {}).encode()) == "80B00102");
  BOOST_TEST(to_hex(command(0, 1).encode()) == "80B0010201");
  BOOST_TEST(to_hex(command(0, 256).encode()) == "80B0010200");
  BOOST_TEST(to_hex(command(2, {}).encode()) == "80B00102025555");
  BOOST_TEST(to_hex(command(2, 16).encode()) == "80B0010202555510");
  BOOST_TEST(to_hex(command(0, 257).encode()) == "80B00102000101");
  BOOST_TEST(to_hex(command(0, 65536).encode()) == "80B00102000000");
  BOOST_TEST(to_hex(command(1, 300).encode()) == "80B0010200000155012C");
  BOOST_TEST(to_hex(command(256, {}).encode()).substr(0, 16) == "80B0010200010055");
  BOOST_TEST(command(256, {}).encode().size() == 7U + 256U);
  BOOST_TEST(command(65535, 65536).encode().size() == 7U + 65535U + 2U);
}

BOOST_AUTO_TEST_CASE(decoding_undoes_encoding) {
  for (const std::size_t data : {0U, 1U, 254U, 255U, 256U, 65535U})
    for (const auto le :
         {std::optional<std::uint32_t>(), std::optional<std::uint32_t>(1), std::optional<std::uint32_t>(255),
          std::optional<std::uint32_t>(256), std::optional<std::uint32_t>(257), std::optional<std::uint32_t>(65536)})
      BOOST_CHECK(CommandApdu::decode(command(data, le).encode()) == command(data, le));
}

BOOST_AUTO_TEST_CASE(what_no_encoding_fits_is_refused) {
  for (const auto* octets :
       {"", "80", "80B001", "80B001020011", "80B0010203AABB", "80B0010202AABBCCDD", "80B001020000", "80B001020000000A",
        "80B0010200000000", "80B001020000000010", "80B00102000002AA", "80B00102000001AABB"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(CommandApdu::decode(*from_hex(octets))), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(lengths_over_the_limits_are_refused) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(command(65536, {}).encode()), Error, has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(command(0, 0).encode()), Error, has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(command(0, 65537).encode()), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(a_response_is_data_and_status_word) {
  const auto response = ResponseApdu::decode(*from_hex("AABB63C2"));
  BOOST_CHECK(response.data == (Bytes{0xAA, 0xBB}));
  BOOST_TEST(response.status.value() == 0x63C2);
  BOOST_CHECK(response.status.tries_left() == 2);
  BOOST_TEST(to_hex(response.encode()) == "AABB63C2");
  BOOST_TEST(ResponseApdu::decode(*from_hex("9000")).status.ok());
}

BOOST_AUTO_TEST_CASE(a_malformed_response_is_the_cards_fault) {
  for (const std::size_t size : {0U, 1U, 65539U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(ResponseApdu::decode(Bytes(size))), Error, has_code(Errc::BadCardData));
  BOOST_TEST(ResponseApdu::decode(Bytes(65538)).data.size() == 65536U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
