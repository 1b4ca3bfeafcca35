#include "driver/crypto/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::crypto {

BOOST_AUTO_TEST_SUITE(random)

BOOST_AUTO_TEST_CASE(as_many_octets_come_as_are_asked_for_and_other_ones_each_time) {
  const auto first = random_octets(32);
  BOOST_TEST(first.size() == 32U);
  BOOST_CHECK(first != random_octets(32));
  BOOST_TEST(random_octets(0).empty());
}

BOOST_AUTO_TEST_CASE(a_buffer_is_filled_to_its_end) {
  Bytes octets(64, 0);
  fill_with_random(octets);
  BOOST_TEST(std::ranges::count(ByteView(octets).last(32), 0) < 16);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::crypto
