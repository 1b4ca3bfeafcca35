#include "driver/base/bytes.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard {

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(hexadecimal_is_written_in_upper_case_and_read_in_either) {
  const Bytes octets{0x00, 0x0F, 0xA5, 0xFF};
  BOOST_TEST(to_hex(octets) == "000FA5FF");
  BOOST_CHECK(from_hex("000fA5Ff") == octets);
  BOOST_CHECK(from_hex("") == Bytes{});
}

BOOST_AUTO_TEST_CASE(malformed_hexadecimal_is_rejected) {
  for (const auto* text : {"0", "0G", "00 11", "0x00", " 00"}) BOOST_TEST(!from_hex(text).has_value(), text);
}

// RFC 4648 section 10.
BOOST_AUTO_TEST_CASE(base64_follows_the_vectors_of_its_standard) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    BOOST_TEST(to_base64(as_bytes(plain)) == encoded);
    const auto decoded = from_base64(encoded);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(as_text(*decoded) == plain);
  }
}

BOOST_AUTO_TEST_CASE(loose_base64_is_refused) {
  for (const auto* text : {"Zg=", "Zg", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Z=9v", "====", "Zg==Zg==", "Zm-_"})
    BOOST_TEST(!from_base64(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(every_octet_survives_base64) {
  Bytes octets;
  for (unsigned i = 0; i < 256; ++i) octets.push_back(static_cast<std::uint8_t>(i));
  BOOST_CHECK(from_base64(to_base64(octets)) == octets);
}

BOOST_AUTO_TEST_CASE(octets_and_text_are_put_behind_what_is_there) {
  Bytes octets{0x01};
  append(octets, Bytes{0x02, 0x03});
  append(octets, "AB");
  BOOST_CHECK(octets == (Bytes{0x01, 0x02, 0x03, 0x41, 0x42}));
  BOOST_CHECK(joined({octets, {}, as_bytes("C")}) == (Bytes{0x01, 0x02, 0x03, 0x41, 0x42, 0x43}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
