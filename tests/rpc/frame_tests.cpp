#include "rpc/frame.hpp"

#include "tests/rpc/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

namespace {

std::array<std::uint8_t, 8> octets_of(const char* hex) {
  const auto octets = from_hex(hex).value();
  std::array<std::uint8_t, 8> array{};
  std::copy(octets.begin(), octets.end(), array.begin());
  return array;
}

} // namespace

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(lengths_are_big_endian) {
  BOOST_TEST(to_hex((FrameHeader{0x1234, 0xABCD}.encode())) == "000012340000ABCD");
  const auto header = FrameHeader::decode(octets_of("0002010300000201"));
  BOOST_TEST(header.json_size == 0x20103U);
  BOOST_TEST(header.blob_size == 0x201U);
}

BOOST_AUTO_TEST_CASE(the_largest_frame_is_taken_and_one_octet_more_is_refused) {
  BOOST_TEST(FrameHeader::decode(octets_of("0004000000010000")).json_size == 262144U);
  BOOST_CHECK_EXCEPTION(static_cast<void>(FrameHeader::decode(octets_of("0004000100000000"))), Error,
                        has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(FrameHeader::decode(octets_of("0000000100010001"))), Error,
                        has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(FrameHeader::decode(octets_of("FFFFFFFFFFFFFFFF"))), Error,
                        has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(a_frame_without_json_is_refused) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(FrameHeader::decode(octets_of("0000000000000010"))), Error,
                        has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(Frame{}.header()), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(a_frame_over_a_limit_is_not_sent_either) {
  const Frame too_long{std::string(max_json_size + 1, ' '), {}};
  BOOST_CHECK_EXCEPTION(static_cast<void>(too_long.header()), Error, has_code(Errc::BadRequest));
  const Frame too_heavy{"{}", SecureBytes(max_blob_size + 1)};
  BOOST_CHECK_EXCEPTION(static_cast<void>(too_heavy.header()), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
