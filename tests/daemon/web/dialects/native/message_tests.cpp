#include "daemon/web/dialects/native/message.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web {

namespace {

boost::json::object object(const std::string& text) {
  return boost::json::parse(text).as_object();
}

} // namespace

BOOST_AUTO_TEST_SUITE(native_message)

BOOST_AUTO_TEST_CASE(a_request_has_an_id_a_method_and_perhaps_parameters) {
  const auto request =
      parse_native_request(R"({"id":9007199254740991,"method":"hello","params":{"language":"en"}})").value();
  BOOST_TEST(request.id == 9007199254740991U);
  BOOST_TEST(request.method() == "hello");
  BOOST_TEST(request.params().at("language").as_string() == "en");
  BOOST_TEST(parse_native_request(R"({"id":1,"method":"hello"})").value().params().empty());
}

BOOST_AUTO_TEST_CASE(what_has_no_valid_id_cannot_be_answered) {
  for (const char* text : {"",
                           "nonsense",
                           "[]",
                           "7",
                           "null",
                           "\"text\"",
                           "{",
                           R"({"id":1)",
                           R"({"id":1}x)",
                           R"({"method":"hello"})",
                           R"({"id":0,"method":"hello"})",
                           R"({"id":-1,"method":"hello"})",
                           R"({"id":9007199254740992,"method":"hello"})",
                           R"({"id":18446744073709551615,"method":"hello"})",
                           R"({"id":1.0,"method":"hello"})",
                           R"({"id":"1"})",
                           R"({"id":null})",
                           R"({"id":1e3})",
                           R"({"id":1,})",
                           R"({'id':1})",
                           R"({"id":1} {"id":2})",
                           R"({"id":NaN})"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_native_request(text).has_value());
}

BOOST_AUTO_TEST_CASE(json_is_taken_to_a_depth_of_eight) {
  const auto nested = [](int depth) {
    return R"({"id":1,"params":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
           std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
  };
  BOOST_TEST(parse_native_request(nested(8)).has_value());
  BOOST_TEST(!parse_native_request(nested(9)).has_value());
  BOOST_TEST(!parse_native_request(nested(4000)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_beside_the_id_is_a_bad_request) {
  for (const char* text :
       {R"({"id":1})", R"({"id":1,"method":7})", R"({"id":1,"method":""})",
        R"({"id":1,"method":"hello","parameters":{}})", R"({"id":1,"method":"hello","jsonrpc":"2.0"})"})
    BOOST_TEST_CONTEXT(text) BOOST_CHECK_THROW(static_cast<void>(parse_native_request(text).value().method()), Error);
  BOOST_CHECK_THROW(static_cast<void>(parse_native_request(R"({"id":1,"params":[]})").value().params()), Error);
}

BOOST_AUTO_TEST_CASE(an_error_has_a_text_in_both_languages_with_the_attempts) {
  const auto answer = object(native_answer(7, Error(Errc::PinIncorrect, "VERIFY", 2)));
  BOOST_TEST(answer.at("id").as_int64() == 7);
  const auto& error = answer.at("error").as_object();
  BOOST_TEST(error.at("code").as_string() == "pin_incorrect");
  BOOST_TEST(error.at("tries_left").as_int64() == 2);
  BOOST_TEST(!error.at("message").at("en").as_string().empty());
  BOOST_TEST(!error.at("message").at("zh-TW").as_string().empty());
}

BOOST_AUTO_TEST_CASE(details_about_this_machine_stay_here) {
  const auto detail_of = [](Errc code) {
    const auto answer = object(native_answer(1, Error(code, "/run/user/1000/twcard/card.sock: refused")));
    return answer.at("error").as_object().contains("detail");
  };
  BOOST_TEST(detail_of(Errc::BadRequest));
  BOOST_TEST(detail_of(Errc::ProfileMissing));
  for (const auto code : {Errc::ServiceUnavailable, Errc::NoPcsc, Errc::NoReader, Errc::CardRemoved, Errc::Internal})
    BOOST_TEST(!detail_of(code));
}

BOOST_AUTO_TEST_CASE(an_event_tells_its_type_and_the_kind_of_the_card_only) {
  BOOST_TEST(native_event(object(R"({"type":"card_removed","reader":"Reader 00 00",
    "card":{"state":"ready","kind":"hicos","atr":"3B00"}})"))
                 .value() == R"({"event":"card_removed","card":{"kind":"hicos"}})");
  BOOST_TEST(native_event(object(R"({"type":"card_inserted","card":null})")).value() ==
             R"({"event":"card_inserted","card":{}})");
  for (const char* type : {"reader_added", "reader_removed", "card_failed", "pcsc_lost", "pcsc_back", "", "other"})
    BOOST_TEST(!native_event(boost::json::object{{"type", type}}).has_value());
  BOOST_TEST(!native_event({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
