#include "rpc/language.hpp"

#include "tests/support/environment.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

using twcard::testing::Environment;

BOOST_AUTO_TEST_SUITE(language)

BOOST_AUTO_TEST_CASE(the_first_variable_that_is_not_empty_decides) {
  const Environment language("LANG", "zh_TW.UTF-8");
  const Environment messages("LC_MESSAGES", "");
  {
    const Environment all("LC_ALL", nullptr);
    BOOST_CHECK(language_of_locale() == Language::TraditionalChinese);
  }
  {
    const Environment all("LC_ALL", "C.UTF-8");
    BOOST_CHECK(language_of_locale() == Language::English);
  }
}

BOOST_AUTO_TEST_CASE(without_a_locale_there_is_no_language) {
  const Environment all("LC_ALL", nullptr);
  const Environment messages("LC_MESSAGES", nullptr);
  const Environment language("LANG", "");
  BOOST_CHECK(!language_of_locale());
}

BOOST_AUTO_TEST_CASE(a_tag_names_its_language) {
  for (const auto known : {Language::English, Language::TraditionalChinese})
    BOOST_CHECK(language_of(tag_of(known)) == known);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
