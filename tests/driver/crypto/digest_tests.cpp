#include "driver/crypto/digest.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::crypto {

BOOST_AUTO_TEST_SUITE(digests)

BOOST_AUTO_TEST_CASE(sha256_is_that_of_fips_180) {
  // FIPS 180-4 example: "abc".
  BOOST_TEST(to_hex(sha256(as_bytes("abc"))) == "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
}

BOOST_AUTO_TEST_CASE(every_function_has_its_name_and_its_digest) {
  // The same example.
  constexpr std::pair<const char*, const char*> digests[] = {
      {"SHA-1", "A9993E364706816ABA3E25717850C26C9CD0D89D"},
      {"SHA-224", "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7"},
      {"SHA-256", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"},
      {"SHA-384", "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED"
                  "8086072BA1E7CC2358BAECA134C825A7"},
      {"SHA-512", "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A"
                  "2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F"}};
  for (const auto& [name, digest] : digests) {
    const auto function = hash_function_of(name);
    BOOST_REQUIRE(function.has_value());
    BOOST_TEST(name_of(*function) == name);
    BOOST_TEST(to_hex(hash_of(as_bytes("abc"), *function)) == digest);
    BOOST_TEST(hash_size(*function) == hash_of({}, *function).size());
  }
  for (const char* other : {"", "sha256", "MD5", "MD6", "SHA-", "SHA-257"})
    BOOST_TEST(!hash_function_of(other).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::crypto
