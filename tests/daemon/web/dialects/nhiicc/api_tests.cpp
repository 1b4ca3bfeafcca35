// The HTTP API. Expected values: the NHIICC protocol description, section 3; bitmaps: the Windows bitmap format.
#include "tests/daemon/web/dialects/nhiicc/front.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web {

namespace {

// Of the Fetch standard: what jQuery's $.post() says of whatever body it is given.
const Header form{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"};

struct Api {
  Api()
      : stack(nhiicc_options(59001, {}), {}, [](const auto& executor, const auto& service) {
          return std::make_shared<NhiiccApi>(executor, service, rpc::LegacySites{{"https://page.test"}, {}});
        }) {}

  // Status and body.
  [[nodiscard]] std::pair<unsigned, std::string> ask(const std::string& method_and_target, const std::string& body = {},
                                                     const std::string& origin = "https://page.test",
                                                     const std::vector<Header>& more = {}) const {
    RawWebSocket client(stack.port());
    std::vector<Header> headers{{"Host", "localhost:" + std::to_string(stack.port())}};
    if (!origin.empty()) headers.push_back({"Origin", origin});
    headers.insert(headers.end(), more.begin(), more.end());
    if (!body.empty()) headers.push_back({"Content-Length", std::to_string(body.size())});
    const auto status = client.request(method_and_target + " HTTP/1.1", headers, body);
    return {status, client.receive_all()};
  }
  [[nodiscard]] std::string post(const std::string& name, const std::string& body = {}) const {
    return ask("POST /api/" + name, body).second;
  }

  WebStack stack;
};

} // namespace

BOOST_AUTO_TEST_SUITE(nhiicc_api)

BOOST_AUTO_TEST_CASE(answers_are_json_with_the_result_first) {
  Api api;
  auto& service = api.stack.service();
  service.answer("legacy.nhi_basic", {{"card_number", "000012345678"},
                                      {"name", "王小明"},
                                      {"name_uncertain", false},
                                      {"id_number", "A123456789"},
                                      {"birth_date", "0690115"},
                                      {"sex", "M"},
                                      {"termination", "1"}});
  service.answer("legacy.nhi_sign", {{"card_number", "000012345678"}, {"signature", "SIG"}});
  service.answer("legacy.nhi_encrypt_password", {{"encrypted", "00FF"}});
  service.answer("legacy.nhi_encrypt_basic", {{"encrypted", "11EE"}, {"prefixed", true}});
  BOOST_TEST(api.post("GetVersion") == R"({"result":"0000","version":"0001"})");
  BOOST_TEST(api.post("GetBasic", "{}") ==
             R"({"result":"0000","card_no":"000012345678","as_id":"A123456789","name":"王小明","birthday":"0690115",)"
             R"("sex":"M","card_termination":"1"})");
  BOOST_TEST(api.post("SignHC", R"({"random":"00011234567890123456"})") == R"({"result":"0000","sign":"SIG"})");
  BOOST_TEST(api.post("EncryptPwd", R"({"pwd":"secret7"})") == R"({"result":"0000","pwd":"00FF"})");
  BOOST_TEST(api.post("GetEncryptBasic", R"({"pwd":"x"})") == R"({"result":"0000","basic":"11EE"})");
  const auto random = boost::json::parse(api.post("GetRandom"));
  BOOST_TEST(random.at("result").as_string() == "0000");
  BOOST_TEST(random.at("random").as_string().size() == 16U);
}

BOOST_AUTO_TEST_CASE(failures_are_a_result_that_is_a_code) {
  Api api;
  api.stack.service().fail("legacy.nhi_basic", Error(Errc::NoCard, "none"));
  api.stack.service().fail("legacy.nhi_sign", Error(Errc::SiteUnreachable, "none"));
  BOOST_TEST(api.post("GetBasic") == R"({"result":"8013"})");
  BOOST_TEST(api.post("SignHC", R"({"random":"00011234567890123456"})") == R"({"result":"4061"})");
  BOOST_TEST(api.post("SignHC", R"({"random":"short"})") == R"({"result":"9876"})");
  BOOST_TEST(api.post("SignHC", R"({"random":7})") == R"({"result":"9876"})");
  BOOST_TEST(api.post("EncryptPwd", R"({"pwd":"12345"})") == R"({"result":"8009"})");
  BOOST_TEST(api.post("EncryptPwd", "pwd=123456") == R"({"result":"9876"})");
  BOOST_TEST(api.post("Exit") == R"({"result":"9999"})");
}

BOOST_AUTO_TEST_CASE(a_body_is_json_whatever_its_type_says_and_the_answer_says_that_it_is) {
  Api api;
  api.stack.service().answer("legacy.nhi_encrypt_password", {{"encrypted", "00FF"}});
  const auto [status, answer] = api.ask("POST /api/EncryptPwd", R"({"pwd":"a&b=c+d%20"})", "https://page.test", {form});
  BOOST_TEST(status == 200U);
  BOOST_TEST(answer == R"({"result":"0000","pwd":"00FF"})");
  BOOST_TEST(next_card_call(api.stack.service()).blob == "a&b=c+d%20");

  RawWebSocket client(api.stack.port());
  const std::vector<Header> headers{{"Host", "localhost:" + std::to_string(api.stack.port())},
                                    {"Origin", "https://page.test"},
                                    {"Content-Length", "0"},
                                    form};
  BOOST_TEST(client.request("POST /api/GetVersion HTTP/1.1", headers) == 200U);
  BOOST_TEST(client.head().find("Content-Type: application/json") != std::string::npos);
  BOOST_TEST(client.head().find("Access-Control-Allow-Origin: https://page.test\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(digits_of_get_random_are_signed_with_the_version_in_front) {
  Api api;
  auto& service = api.stack.service();
  service.answer("legacy.nhi_sign", {{"card_number", "000012345678"}, {"signature", "SIG"}});
  const auto signed_for = [&](const std::string& random) {
    BOOST_TEST(api.post("SignHC", R"({"random":")" + random + R"("})") == R"({"result":"0000","sign":"SIG"})");
    return std::string(next_card_call(service).params.at("random").as_string());
  };
  BOOST_TEST(signed_for("1234567890123456") == "00011234567890123456");
  BOOST_TEST(signed_for("00011234567890123456") == "00011234567890123456");
  BOOST_TEST(api.post("SignHC", R"({"random":"123456789012345x"})") == R"({"result":"9876"})");
  BOOST_TEST(service.calls() == 3U); // the first one subscribes
}

BOOST_AUTO_TEST_CASE(requests_of_a_site_share_its_connection_to_the_service) {
  Api api;
  api.stack.service().fail("legacy.nhi_basic", Error(Errc::NoCard, "none"));
  for (int i = 0; i < 3; ++i) static_cast<void>(api.post("GetBasic"));
  BOOST_TEST(api.stack.service().had_connections(1, 0));
  BOOST_TEST(next_card_call(api.stack.service()).params.at("origin").as_string() == "https://page.test");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_given_up_takes_its_own_question_with_it_and_no_other) {
  Api api;
  auto& service = api.stack.service();
  service.hold("legacy.nhi_sign");
  const auto begin_to_sign = [&api](const RawWebSocket& tab) {
    const std::string body = R"({"random":"1234567890123456"})";
    tab.send("POST /api/SignHC HTTP/1.1\r\nHost: localhost:" + std::to_string(api.stack.port()) +
             "\r\nOrigin: https://page.test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  RawWebSocket staying(api.stack.port());
  begin_to_sign(staying);
  BOOST_TEST(next_card_call(service).method == "legacy.nhi_sign");
  RawWebSocket leaving(api.stack.port());
  begin_to_sign(leaving);
  BOOST_TEST(service.next_call().method == "legacy.nhi_sign");
  leaving.drop();
  BOOST_TEST(service.had_cancelled(1));
  BOOST_TEST(api.post("GetVersion") == R"({"result":"0000","version":"0001"})");
  BOOST_TEST(service.had_connections(1, 0));
  staying.drop();
  BOOST_TEST(service.had_cancelled(2));
}

BOOST_AUTO_TEST_CASE(the_status_is_a_bitmap_whose_pixels_spell_json) {
  Api api;
  for (const char* target : {"GET /api/GetStatus.bmp", "GET /api/GetCardStatus.bmp?tick=1764000000"}) {
    const auto [status, file] = api.ask(target);
    BOOST_TEST(status == 200U);
    BOOST_REQUIRE(file.size() == 54U + 3072U);
    BOOST_TEST(file.substr(0, 2) == "BM");
    BOOST_TEST(file.substr(18, 4) == std::string("\0\x04\0\0", 4)); // 1024 wide
    BOOST_TEST(file.substr(22, 4) == std::string("\1\0\0\0", 4));   // 1 high
    BOOST_TEST(file.substr(28, 2) == std::string("\x18\0", 2));     // 24 bits
    const auto text = file.substr(54, file.find('\0', 54) - 54);
    BOOST_TEST(boost::json::parse(text).at("result").as_string() == "0000");
  }
  BOOST_TEST(api.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(the_card_status_tells_a_site_that_the_card_which_it_may_see_has_gone) {
  Api api;
  auto& service = api.stack.service();
  const auto result = [&](const std::string& name) {
    const auto file = api.ask("GET /api/" + name).second;
    const auto text = file.substr(54, file.find('\0', 54) - 54);
    return std::string(boost::json::parse(text).at("result").as_string());
  };
  const auto becomes = [&](const std::string& wanted) {
    for (int i = 0; i < 1000 && result("GetCardStatus.bmp") != wanted; ++i) {
    }
    return result("GetCardStatus.bmp");
  };
  service.fail("legacy.nhi_basic", Error(Errc::NoCard, "none"));
  static_cast<void>(api.post("GetBasic"));
  BOOST_TEST(service.next_call().method == "events.subscribe");
  BOOST_TEST(result("GetCardStatus.bmp") == "0000");
  const auto event = [&](const char* type) { api.stack.notify({{"type", type}, {"reader", "Reader 00 00"}}); };
  event("card_removed");
  BOOST_TEST(becomes("8013") == "8013");
  BOOST_TEST(result("GetStatus.bmp") == "0000");
  event("card_ready");
  BOOST_TEST(becomes("0000") == "0000");
  event("card_removed");
  BOOST_TEST(becomes("8013") == "8013");
  // A page that is loaded again may find another card, about which nothing is known.
  static_cast<void>(api.post("GetVersion"));
  BOOST_TEST(result("GetCardStatus.bmp") == "0000");
  // Without the service nothing is known of the card.
  api.stack.stop_service();
  BOOST_TEST(becomes("8013") == "8013");
}

BOOST_AUTO_TEST_CASE(other_paths_methods_and_sites_get_nothing) {
  Api api;
  BOOST_TEST(api.ask("GET /api/GetBasic").first == 405U);
  BOOST_TEST(api.ask("POST /api/GetStatus.bmp").first == 405U);
  BOOST_TEST(api.ask("POST /GetBasic").first == 404U);
  BOOST_TEST(api.ask("GET /api/GetStatus.bmp", {}, "").first == 403U);
  BOOST_TEST(api.ask("GET /api/GetStatus.bmp", {}, "https://other.test").first == 403U);
  BOOST_TEST(api.ask("POST /api/GetBasic", "{}", "https://other.test").first == 403U);
  BOOST_TEST(api.ask("POST /api/GetBasic", "{}", "").first == 403U);
  // The popup's own origin is not a site.
  BOOST_TEST(api.ask("POST /api/GetBasic", "{}", rpc::nhiicc_http_origin).first == 403U);
  BOOST_TEST(api.ask("GET /api/GetStatus.bmp", {}, rpc::nhiicc_http_origin).first == 403U);
  BOOST_TEST(api.ask("POST /auth.html").first == 405U);
  BOOST_TEST(api.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
