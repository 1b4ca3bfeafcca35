#include "driver/reader/reader_names.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::reader {

namespace {

using Names = std::vector<std::string>;
const std::string mark = "\xEF\xBF\xBD";

} // namespace

BOOST_AUTO_TEST_SUITE(reader_names)

BOOST_AUTO_TEST_CASE(valid_names_stay) {
  const Names names{"Reader 00 00", "讀卡機 01 00", "Reader 00 01"};
  BOOST_TEST(shown_names(names) == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(others_become_valid_and_stay_different) {
  const Names names{"Lecteur \xE0 puce", "Lecteur \xE9 puce", "Lecteur " + mark + " puce", "cut \xE8\xAE"};
  const Names shown{"Lecteur " + mark + " puce (2)", "Lecteur " + mark + " puce (3)", "Lecteur " + mark + " puce",
                    "cut " + mark + mark};
  BOOST_TEST(shown_names(names) == shown, boost::test_tools::per_element());
  for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(name_shown_as(shown[i], names) == names[i]);
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_not_there_stays_unknown) {
  BOOST_TEST(name_shown_as("Reader", {}) == "Reader");
  BOOST_TEST(name_shown_as("Reader", {"Reader \xFF"}) == "Reader");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::reader
