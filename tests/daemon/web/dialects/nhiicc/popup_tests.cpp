// The popup of the HTTP API as this service sees it. Expected values: docs/dialects/protocol.md, "NHIICC: the popup",
// and facts of a public page script; what its script does is tested in browsers (tests/browser/nhiicc_popup.test.mjs).
#include "tests/daemon/web/dialects/nhiicc/front.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web {

namespace {

const std::string page = "https://page.test";
const std::string message = R"({"action":"send_auth_pin_step1","pin":"secret7"})";

struct Popup {
  explicit Popup(std::uint16_t port = 59001)
      : stack(nhiicc_options(port, port == 59002 ? identity.files() : TlsFiles{}), {},
              [](const auto& executor, const auto& service) {
                return std::make_shared<NhiiccApi>(executor, service, rpc::LegacySites{{page}, {}});
              }),
        secured(port == 59002) {}

  struct Reply {
    unsigned status = 0;
    std::string head;
    std::string body;
  };
  [[nodiscard]] std::string host() const { return "localhost:" + std::to_string(stack.port()); }
  [[nodiscard]] Reply ask(const std::string& method_and_target, std::vector<Header> headers,
                          const std::string& body = {}) const {
    RawWebSocket client(stack.port());
    if (secured) client.start_tls();
    headers.push_back({"Host", host()});
    if (!body.empty()) headers.push_back({"Content-Length", std::to_string(body.size())});
    const auto status = client.request(method_and_target + " HTTP/1.1", headers, body);
    return {status, client.head(), client.receive_all()};
  }
  [[nodiscard]] unsigned status(const std::string& method_and_target, std::vector<Header> headers,
                                const std::string& body = {}) const {
    return ask(method_and_target, std::move(headers), body).status;
  }
  // As the popup passes on what the page has sent it.
  [[nodiscard]] boost::json::object answer(const std::string& text = message) const {
    const auto reply = ask("POST /auth", {{"Origin", rpc::nhiicc_http_origin}, {"Twcard-Page-Origin", page}}, text);
    BOOST_TEST(reply.status == 200U);
    auto members = boost::json::parse(reply.body).as_object();
    BOOST_TEST(members.at("action").as_string() == "recv_auth_pin_step1");
    return members;
  }

  TestIdentity identity;
  WebStack stack;
  bool secured;
};

void card_is_well(FakeService& service) {
  service.answer("legacy.nhi_basic", {{"card_number", "000012345678"},
                                      {"name", "王小明"},
                                      {"name_uncertain", false},
                                      {"id_number", "A123456789"},
                                      {"birth_date", "0690115"},
                                      {"sex", "M"},
                                      {"termination", "1"}});
  service.answer("legacy.nhi_sign", {{"card_number", "000012345678"}, {"signature", "SIG"}});
  service.answer("legacy.nhi_encrypt_password", {{"card_number", "000012345678"}, {"encrypted", "00FF"}});
  service.answer("legacy.nhi_encrypt_basic",
                 {{"card_number", "000012345678"}, {"encrypted", "11EE"}, {"prefixed", true}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhiicc_popup)

BOOST_AUTO_TEST_CASE(one_request_gives_the_answers_of_the_whole_order) {
  Popup popup;
  auto& service = popup.stack.service();
  card_is_well(service);
  const auto answer = popup.answer();
  BOOST_TEST(answer.at("result").as_string() == "0000");
  for (const auto& [name, value] :
       {std::pair{"version", "0001"}, std::pair{"card_no", "000012345678"}, std::pair{"as_id", "A123456789"},
        std::pair{"name", "王小明"}, std::pair{"birthday", "0690115"}, std::pair{"sex", "M"},
        std::pair{"card_termination", "1"}, std::pair{"sign", "SIG"}, std::pair{"pwd", "00FF"},
        std::pair{"basic", "11EE"}})
    BOOST_TEST(answer.at(name).as_string() == value);
  BOOST_TEST(answer.size() == 13U);

  BOOST_TEST(next_card_call(service).method == "legacy.nhi_basic");
  const auto signing = next_card_call(service);
  BOOST_TEST(signing.method == "legacy.nhi_sign");
  BOOST_TEST(signing.params.at("random").as_string() == "0001" + std::string(answer.at("random").as_string()));
  BOOST_TEST(signing.params.at("origin").as_string() == page);
  const auto password = next_card_call(service);
  BOOST_TEST(password.method == "legacy.nhi_encrypt_password");
  BOOST_TEST(password.blob == "secret7");
  BOOST_TEST(next_card_call(service).method == "legacy.nhi_encrypt_basic");
}

BOOST_AUTO_TEST_CASE(the_first_failure_ends_the_order_and_is_the_result) {
  Popup popup;
  auto& service = popup.stack.service();
  card_is_well(service);
  service.fail("legacy.nhi_sign", Error(Errc::ConsentDenied, "no"));
  const auto refused = popup.answer();
  BOOST_TEST(refused.at("result").as_string() == "7004");
  BOOST_TEST(refused.size() == 2U, "nothing that was read before goes out");
  BOOST_TEST(service.calls() == 3U); // the first one subscribes
  service.fail("legacy.nhi_basic", Error(Errc::NoCard, "none"));
  BOOST_TEST(popup.answer().at("result").as_string() == "8013");
  BOOST_TEST(service.calls() == 4U);
}

BOOST_AUTO_TEST_CASE(one_answer_is_of_one_card) {
  Popup popup;
  auto& service = popup.stack.service();
  for (const char* method : {"legacy.nhi_sign", "legacy.nhi_encrypt_password", "legacy.nhi_encrypt_basic"}) {
    card_is_well(service);
    service.answer(method, {{"card_number", "000087654321"}, {"signature", "SIG"}, {"encrypted", "FF"}});
    const auto answer = popup.answer();
    BOOST_TEST(answer.at("result").as_string() == "8010", method);
    BOOST_TEST(answer.size() == 2U, "nothing of either card goes out");
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_right_costs_no_call) {
  Popup popup;
  card_is_well(popup.stack.service());
  BOOST_TEST(popup.answer(R"({"action":"send_auth_pin_step1","pin":"short"})").at("result").as_string() == "8009");
  for (const char* text : {"no JSON", "[]", "{}", R"({"pin":7})"})
    BOOST_TEST(popup.answer(text).at("result").as_string() == "9876");
  BOOST_TEST(popup.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(it_speaks_for_a_site_of_the_list_only_and_nobody_else_speaks_as_it_does) {
  Popup popup;
  const auto asks = [&](std::vector<Header> headers) {
    return popup.status("POST /auth", std::move(headers), message);
  };
  const Header own{"Origin", rpc::nhiicc_http_origin};
  BOOST_TEST(asks({own}) == 403U);
  BOOST_TEST(asks({own, {"Twcard-Page-Origin", "https://other.test"}}) == 403U);
  BOOST_TEST(asks({own, {"Twcard-Page-Origin", "https://page.test.evil.test"}}) == 403U);
  BOOST_TEST(asks({own, {"Twcard-Page-Origin", page}, {"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(asks({own, {"Twcard-Page-Origin", ""}, {"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(asks({{"Origin", page}, {"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(asks({{"Origin", "https://other.test"}, {"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(asks({{"Origin", "http://localhost:61161"}, {"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(asks({{"Origin", rpc::nhiicc_https_origin}, {"Twcard-Page-Origin", page}}) == 403U, "the other port's");
  BOOST_TEST(asks({{"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(popup.status("GET /auth", {{"Twcard-Page-Origin", page}}) == 403U);
  BOOST_TEST(popup.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(over_tls_it_has_the_origin_of_that_port) {
  Popup popup(59002);
  card_is_well(popup.stack.service());
  const auto asks = [&](const char* own) {
    return popup.status("POST /auth", {{"Origin", own}, {"Twcard-Page-Origin", page}}, message);
  };
  BOOST_TEST(asks(rpc::nhiicc_https_origin) == 200U);
  BOOST_TEST(asks(rpc::nhiicc_http_origin) == 403U);
}

BOOST_AUTO_TEST_CASE(the_page_has_no_script_of_its_own_and_a_policy_that_allows_none) {
  Popup popup;
  // As a window that a page of elsewhere opens.
  const std::vector<Header> navigation{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Dest", "document"}};
  const auto window = popup.ask("GET /auth.html", navigation);
  BOOST_TEST(window.status == 200U);
  for (const char* field :
       {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types 'none'", "X-Frame-Options: DENY", "X-Content-Type-Options: nosniff", "Content-Type: text/html"})
    BOOST_TEST(window.head.find(field) != std::string::npos, field);
  const auto& html = window.body;
  BOOST_TEST(html.find(R"(<meta name="sites" content="https://page.test">)") != std::string::npos);
  BOOST_TEST(html.find(R"(<script src="/auth.js" defer></script>)") != std::string::npos);
  BOOST_TEST(html.find("<script>") == std::string::npos);
  BOOST_TEST(popup.status("GET /auth.js", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Dest", "script"}}) == 200U);
}

BOOST_AUTO_TEST_CASE(it_is_at_localhost_whose_origin_may_ask) {
  const Popup popup;
  const auto port = popup.stack.port();
  for (const auto& [host, status] :
       {std::pair{"127.0.0.1", 404U}, std::pair{"[::1]", 404U}, std::pair{"localhost", 200U}}) {
    RawWebSocket client(port);
    BOOST_TEST(client.request("GET /auth.html HTTP/1.1", {{"Host", host + (":" + std::to_string(port))}}) == status);
  }
}

BOOST_AUTO_TEST_CASE(it_cannot_be_embedded_in_a_page_of_another_site) {
  Popup popup;
  for (const char* kind : {"iframe", "image", "script", "empty"})
    for (const char* path : {"GET /auth.html", "GET /auth.js"})
      BOOST_TEST(popup.status(path, {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Dest", kind}}) == 403U);
}

BOOST_AUTO_TEST_CASE(a_window_that_closes_takes_its_question_with_it) {
  Popup popup;
  auto& service = popup.stack.service();
  service.hold("legacy.nhi_basic");
  RawWebSocket window(popup.stack.port());
  window.send("POST /auth HTTP/1.1\r\nHost: " + popup.host() + "\r\nOrigin: " + rpc::nhiicc_http_origin +
              "\r\nTwcard-Page-Origin: " + page + "\r\nContent-Length: " + std::to_string(message.size()) + "\r\n\r\n" +
              message);
  BOOST_TEST(next_card_call(service).method == "legacy.nhi_basic");
  window.drop();
  BOOST_TEST(service.had_cancelled(1));
  card_is_well(service);
  BOOST_TEST(popup.answer().at("result").as_string() == "0000");
  BOOST_TEST(service.had_connections(1, 0));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
