#include "rpc/params.hpp"

#include "tests/rpc/has_code.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

namespace {

boost::json::object object(const char* text) {
  return boost::json::parse(text).as_object();
}

template <typename Function>
void check_refused(const char* text, const char* part, Function read) {
  BOOST_TEST_CONTEXT(text) {
    BOOST_CHECK_EXCEPTION(read(object(text)), Error, has_code(Errc::BadRequest, part));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(params)

BOOST_AUTO_TEST_CASE(a_required_string_is_there_not_empty_and_not_too_long) {
  const auto read = [](const auto& from) { return required_string(from, "a", 3); };
  BOOST_TEST(read(object(R"({"a":"xyz"})")) == "xyz");
  check_refused("{}", "a: missing", read);
  check_refused(R"({"a":null})", "a: missing", read);
  check_refused(R"({"a":""})", "a: empty", read);
  check_refused(R"({"a":"wxyz"})", "a: at most 3", read);
  check_refused(R"({"a":3})", "a: text", read);
}

BOOST_AUTO_TEST_CASE(an_optional_string_may_be_absent_or_null) {
  const auto read = [](const auto& from) { return optional_string(from, "a", 3); };
  BOOST_TEST(!read(object("{}")));
  BOOST_TEST(!read(object(R"({"a":null})")));
  BOOST_TEST(read(object(R"({"a":"x"})")).value() == "x");
  check_refused(R"({"a":"wxyz"})", "a: at most 3", read);
  check_refused(R"({"a":{}})", "a: text", read);
}

BOOST_AUTO_TEST_CASE(strings_are_counted_and_measured) {
  const auto read = [](const auto& from) { return required_strings(from, "a", 2, 3); };
  BOOST_TEST(read(object(R"({"a":["x","y"]})")).size() == 2U);
  check_refused("{}", "a: missing", read);
  check_refused(R"({"a":"x"})", "a: an array", read);
  check_refused(R"({"a":[]})", "a: empty", read);
  check_refused(R"({"a":["x","y","z"]})", "a: at most 2", read);
  check_refused(R"({"a":["wxyz"]})", "a: at most 3", read);
  check_refused(R"({"a":[1]})", "a: text", read);
}

BOOST_AUTO_TEST_CASE(base64_is_strict_and_bounded) {
  const auto read = [](const auto& from) { return required_base64(from, "a", 3); };
  BOOST_TEST(to_hex(read(object(R"({"a":"AQID"})"))) == "010203");
  check_refused(R"({"a":"AQI"})", "a: no base64", read);
  check_refused(R"({"a":"AQ I"})", "a: no base64", read);
  check_refused(R"({"a":"AQIDBA=="})", "a: at most", read);
}

BOOST_AUTO_TEST_CASE(a_flag_is_false_when_absent_and_nothing_but_true_or_false) {
  const auto read = [](const auto& from) { return optional_flag(from, "a"); };
  BOOST_TEST(!read(object("{}")));
  BOOST_TEST(!read(object(R"({"a":false})")));
  BOOST_TEST(read(object(R"({"a":true})")));
  for (const char* text : {R"({"a":1})", R"({"a":"true"})"}) check_refused(text, "a: not true or false", read);
}

BOOST_AUTO_TEST_CASE(a_number_is_whole_and_within_its_limits) {
  const auto read = [](const auto& from) { return required_number(from, "a", 1, 64); };
  BOOST_TEST(read(object(R"({"a":1})")) == 1);
  BOOST_TEST(read(object(R"({"a":64})")) == 64);
  for (const char* text : {"{}", R"({"a":0})", R"({"a":65})", R"({"a":1.5})", R"({"a":"1"})"})
    check_refused(text, "a: a whole number from 1 to 64", read);
}

BOOST_AUTO_TEST_CASE(an_object_may_be_absent_but_nothing_else) {
  const auto read = [](const auto& from) { return optional_object(from, "a"); };
  BOOST_TEST(read(object("{}")).empty());
  BOOST_TEST(read(object(R"({"a":{"b":1}})")).contains("b"));
  check_refused(R"({"a":[]})", "a: an object", read);
}

BOOST_AUTO_TEST_CASE(an_unknown_member_is_named_but_not_at_any_length) {
  const auto read = [](const auto& from) { only_members(from, {"a", "b"}); };
  BOOST_CHECK_NO_THROW(read(object(R"({"a":1,"b":2})")));
  check_refused(R"({"a":1,"reeder":2})", "reeder: unknown", read);
  boost::json::object long_name;
  long_name[std::string(10'000, 'x')] = 1;
  BOOST_CHECK_EXCEPTION(read(long_name), Error,
                        [](const Error& error) { return std::string_view(error.what()).size() < 100; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
