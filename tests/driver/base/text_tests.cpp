#include "driver/base/text.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(a_text_is_given_in_the_language_that_is_asked_for) {
  constexpr Text text{"yes", "是"};
  BOOST_TEST(text.in(Language::English) == "yes");
  BOOST_TEST(text.in(Language::TraditionalChinese) == "是");
  BOOST_TEST(Text().in(Language::English).empty());
}

BOOST_AUTO_TEST_CASE(each_language_puts_the_values_in_its_own_order) {
  constexpr TextWith<int, std::string_view> text{"{0} of {1}", "{1} 之 {0}"};
  BOOST_TEST(text.in(Language::English, 2, "x") == "2 of x");
  BOOST_TEST(text.in(Language::TraditionalChinese, 2, "x") == "x 之 2");
}

// What the constructors ask of every text when it is compiled.
BOOST_AUTO_TEST_CASE(a_text_without_one_of_its_languages_is_not_complete) {
  BOOST_TEST(is_complete("yes", "是", 0));
  BOOST_TEST(!is_complete("", "是", 0));
  BOOST_TEST(!is_complete("yes", "", 0));
}

BOOST_AUTO_TEST_CASE(both_languages_have_to_use_every_argument_and_no_others) {
  BOOST_TEST(is_complete("{} of {}", "{1} 之 {0}", 2));
  BOOST_TEST(is_complete("{:d} {{}}", "{0} {0} {{}}", 1));
  BOOST_TEST(!is_complete("{} of {}", "{} 之", 2));
  BOOST_TEST(!is_complete("of", "{} 之", 1));
  BOOST_TEST(!is_complete("{} of {}", "{1} 之 {1}", 2));
  BOOST_TEST(!is_complete("{} of", "{} 之", 0));
  BOOST_TEST(!is_complete("{} of", "{1} 之", 1));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
