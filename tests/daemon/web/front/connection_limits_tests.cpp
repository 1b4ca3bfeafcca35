#include "daemon/web/front/connection_limits.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace twcard::web {

BOOST_AUTO_TEST_SUITE(connection_limits)

BOOST_AUTO_TEST_CASE(an_origin_has_four_places_and_gets_one_back_with_each_that_ends) {
  ConnectionLimits limits;
  std::vector<ConnectionLimits::Place> places;
  for (int i = 0; i < 4; ++i) places.push_back(limits.take("https://a.test").value());
  BOOST_TEST(!limits.take("https://a.test").has_value());
  BOOST_TEST(limits.take("https://b.test").has_value());
  places.pop_back();
  BOOST_TEST(limits.take("https://a.test").has_value());
}

BOOST_AUTO_TEST_CASE(there_are_32_places_in_all) {
  ConnectionLimits limits;
  std::vector<ConnectionLimits::Place> places;
  for (int i = 0; i < 32; ++i) places.push_back(limits.take("https://" + std::to_string(i / 4) + "x.test").value());
  BOOST_TEST(!limits.take("https://new.test").has_value());
  places.clear();
  BOOST_TEST(limits.take("https://new.test").has_value());
}

BOOST_AUTO_TEST_CASE(a_client_without_an_origin_counts_towards_the_total_only) {
  ConnectionLimits limits;
  std::vector<ConnectionLimits::Place> places;
  for (int i = 0; i < 32; ++i) places.push_back(limits.take("").value());
  BOOST_TEST(!limits.take("").has_value());
  BOOST_TEST(!limits.take("https://a.test").has_value());
  places.pop_back();
  BOOST_TEST(limits.take("https://a.test").has_value());
}

BOOST_AUTO_TEST_CASE(a_place_may_outlive_the_limits) {
  std::optional<ConnectionLimits::Place> place;
  {
    ConnectionLimits limits;
    place.emplace(limits.take("https://a.test").value());
  }
  place.reset();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
