#include "rpc/message.hpp"

#include "tests/rpc/has_code.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

namespace json = boost::json;

namespace {

Frame frame_of(std::string text) {
  return {std::move(text), {}};
}

std::string nested(int depth) {
  std::string text = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"p":)";
  for (int i = 2; i < depth; ++i) text += '[';
  for (int i = 2; i < depth; ++i) text += ']';
  return text + "}}";
}

void check_no_request(const std::string& text) {
  BOOST_TEST_CONTEXT(text) {
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_request(frame_of(text))), Error, has_code(Errc::BadRequest));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(a_request_has_id_method_params_and_blob) {
  Frame frame{R"({"jsonrpc":"2.0","id":7,"method":"nhi.read","params":{"fields":["name"]}})",
              SecureBytes::copy_of(as_bytes("octets"))};
  const auto request = parse_request(std::move(frame));
  BOOST_TEST(request.id == 7U);
  BOOST_TEST(request.method == "nhi.read");
  BOOST_TEST(request.params.at("fields").as_array().size() == 1U);
  BOOST_TEST(as_text(request.blob.view()) == "octets");
}

BOOST_AUTO_TEST_CASE(params_may_be_absent) {
  BOOST_TEST(parse_request(frame_of(R"({"jsonrpc":"2.0","id":1,"method":"status"})")).params.empty());
}

BOOST_AUTO_TEST_CASE(a_malformed_request_is_refused) {
  check_no_request("");
  check_no_request("{");
  check_no_request("[]");
  check_no_request("7");
  check_no_request(R"({"jsonrpc":"2.0","id":1,"method":"m"} x)");
  check_no_request(R"({"id":1,"method":"m"})");
  check_no_request(R"({"jsonrpc":"1.0","id":1,"method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","id":0,"method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","id":-1,"method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","id":1.5,"method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","id":"1","method":"m"})");
  check_no_request(R"({"jsonrpc":"2.0","id":1})");
  check_no_request(R"({"jsonrpc":"2.0","id":1,"method":2})");
  check_no_request(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1]})");
  check_no_request("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xFF\"}");
}

BOOST_AUTO_TEST_CASE(a_depth_of_eight_is_read_and_nine_is_refused) {
  BOOST_CHECK_NO_THROW(static_cast<void>(parse_request(frame_of(nested(8)))));
  check_no_request(nested(9));
  check_no_request(nested(100'000));
}

BOOST_AUTO_TEST_CASE(a_request_says_nothing_of_its_blob_in_json) {
  const auto frame = to_frame(Request{3, "prompt.pin", {}, SecureBytes::copy_of(as_bytes("271828"))});
  BOOST_TEST(frame.json.find("271828") == std::string::npos);
  BOOST_TEST(as_text(frame.blob.view()) == "271828");
}

BOOST_AUTO_TEST_CASE(a_reply_comes_back_as_it_was) {
  auto incoming = parse_incoming(to_frame(9, Reply{{{"a", 1}}, SecureBytes::copy_of(as_bytes("sig"))}));
  auto& response = std::get<Response>(incoming);
  BOOST_TEST(response.id == 9U);
  const auto& reply = std::get<Reply>(response.outcome);
  BOOST_TEST(reply.result.at("a").as_int64() == 1);
  BOOST_TEST(as_text(reply.blob.view()) == "sig");
}

BOOST_AUTO_TEST_CASE(an_error_keeps_code_context_and_tries_left) {
  auto incoming = parse_incoming(to_frame(9, Error(Errc::PinIncorrect, "while signing", 2)));
  const auto& error = std::get<Error>(std::get<Response>(incoming).outcome);
  BOOST_TEST((error.code() == Errc::PinIncorrect));
  BOOST_TEST(error.tries_left().value() == 2);
  BOOST_TEST(std::string(error.what()) == "while signing");
}

BOOST_AUTO_TEST_CASE(an_error_has_the_documented_form) {
  const auto frame = to_frame(7, Error(Errc::PinIncorrect, "", 2));
  const auto message = json::parse(frame.json).as_object();
  BOOST_TEST(message.at("id").to_number<int>() == 7);
  const auto& error = message.at("error").as_object();
  BOOST_TEST(error.at("code").to_number<int>() == -32000);
  const auto& data = error.at("data").as_object();
  BOOST_TEST(data.at("code").as_string() == "pin_incorrect");
  BOOST_TEST(data.at("tries_left").to_number<int>() == 2);
  BOOST_TEST(data.at("message").as_object().at("en").as_string() == error.at("message").as_string());
  BOOST_TEST(data.at("message").as_object().contains("zh-TW"));
}

BOOST_AUTO_TEST_CASE(an_unknown_code_of_a_newer_service_is_internal) {
  auto incoming = parse_incoming(
      frame_of(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"new","data":{"code":"later"}}})"));
  const auto& error = std::get<Error>(std::get<Response>(incoming).outcome);
  BOOST_TEST((error.code() == Errc::Internal));
  BOOST_TEST(std::string(error.what()) == "new");
}

BOOST_AUTO_TEST_CASE(a_message_without_id_is_a_notification) {
  auto incoming = parse_incoming(to_frame(Notification{"event", {{"type", "card_ready"}}}));
  const auto& notification = std::get<Notification>(incoming);
  BOOST_TEST(notification.method == "event");
  BOOST_TEST(notification.params.at("type").as_string() == "card_ready");
}

BOOST_AUTO_TEST_CASE(what_is_neither_answer_nor_notification_is_internal) {
  for (const char* text : {"", "[]", R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"2.0","id":1})",
                           R"({"jsonrpc":"2.0","id":1,"result":7})", R"({"jsonrpc":"2.0","id":1,"error":7})"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_incoming(frame_of(text))), Error, has_code(Errc::Internal));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
