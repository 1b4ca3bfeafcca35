#include "driver/crypto/digest.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::crypto {

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(sha256_is_that_of_fips_180) {
  // FIPS 180-4 example: "abc".
  BOOST_TEST(to_hex(sha256(as_bytes("abc"))) == "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::crypto
