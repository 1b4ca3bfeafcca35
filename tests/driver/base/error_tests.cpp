#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace twcard {

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(every_code_has_a_name_of_its_own_that_leads_back_to_it) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Errc::Internal); ++i) {
    const auto code = static_cast<Errc>(i);
    BOOST_TEST(names.insert(name_of(code)).second, name_of(code));
    BOOST_CHECK(errc_of(name_of(code)) == code);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_an_internal_error) {
  BOOST_CHECK(errc_of("no_such_code") == Errc::Internal);
}

BOOST_AUTO_TEST_CASE(tries_left_are_known_only_where_they_were_given) {
  BOOST_CHECK(Error(Errc::PinIncorrect, "", 2).tries_left() == 2);
  BOOST_CHECK(!Error(Errc::PinIncorrect, "").tries_left().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
