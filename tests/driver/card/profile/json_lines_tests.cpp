#include "driver/card/profile/json_lines.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

namespace {

// Line and field of the fault in a text.
std::pair<std::size_t, std::string> fault_in(std::string_view text) {
  try {
    static_cast<void>(lines_of_json(text));
  } catch (const JsonFault& fault) {
    BOOST_TEST_MESSAGE(fault.what());
    return {fault.line(), fault.field()};
  }
  return {0, "no fault"};
}

using Fault = std::pair<std::size_t, std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(json_lines)

BOOST_AUTO_TEST_CASE(every_value_has_the_line_that_it_begins_in) {
  const auto lines = lines_of_json("{\n"
                                   "  \"version\": 1,\n"
                                   "  \"keys\": [\n"
                                   "    \"a\", \"b\",\n"
                                   "    {\"deep\": [true, null,\n"
                                   "             2.5]}\n"
                                   "  ],\n"
                                   "  \"last\":\n"
                                   "    \"x\"\n"
                                   "}\n");
  const std::map<std::string, std::size_t> expected{{"", 1},
                                                    {"version", 2},
                                                    {"keys", 3},
                                                    {"keys[0]", 4},
                                                    {"keys[1]", 4},
                                                    {"keys[2]", 5},
                                                    {"keys[2].deep", 5},
                                                    {"keys[2].deep[0]", 5},
                                                    {"keys[2].deep[1]", 5},
                                                    {"keys[2].deep[2]", 6},
                                                    {"last", 9}};
  BOOST_CHECK(lines == expected);
}

BOOST_AUTO_TEST_CASE(a_text_without_final_newline_is_as_good) {
  BOOST_TEST(lines_of_json("{\"a\": 12}").at("a") == 1U);
  BOOST_TEST(lines_of_json("12").at("") == 1U);
}

BOOST_AUTO_TEST_CASE(a_syntax_fault_has_its_line) {
  BOOST_CHECK(fault_in("{\n  \"a\": 1,\n  \"b\" 2\n}\n") == Fault(3, ""));
  BOOST_CHECK(fault_in("{\n  \"a\": 1,\n}\n") == Fault(3, ""));
  BOOST_CHECK(fault_in("{\n  \"a\": 1\n").first == 2U);
  BOOST_CHECK(fault_in("").second.empty());
  BOOST_CHECK(fault_in("{}\n\n{}\n") == Fault(3, ""));
  BOOST_CHECK(fault_in("{} x") == Fault(1, ""));
  BOOST_CHECK(fault_in("{\"a\": \"\xFF\"}") == Fault(1, ""));
}

BOOST_AUTO_TEST_CASE(a_member_that_is_there_twice_is_named) {
  BOOST_CHECK(fault_in("{\n \"a\": 1,\n \"a\": 2}") == Fault(3, "a"));
  BOOST_CHECK(fault_in("{\"a\": {\"b\": 1,\n \"b\": 2}}") == Fault(2, "a.b"));
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_eight_levels) {
  BOOST_TEST(lines_of_json("[[[[[[[[1]]]]]]]]").size() == 9U);
  BOOST_CHECK(fault_in("[[[[[[[[[1]]]]]]]]]") == Fault(1, ""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
