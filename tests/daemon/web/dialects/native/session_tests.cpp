// What a page's messages become at the service, and back.
#include "driver/base/bytes.hpp"
#include "tests/daemon/web/web_stack.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web {

namespace {

namespace json = boost::json;

json::object object(const std::string& text) {
  return json::parse(text).as_object();
}

json::object ask(RawWebSocket& page, const std::string& method, const std::string& params = "{}") {
  page.send_text(R"({"id":1,"method":")" + method + R"(","params":)" + params + "}");
  return object(page.receive_text());
}

std::string error_of(const json::object& answer) {
  return answer.contains("error") ? std::string(answer.at("error").at("code").as_string()) : "none";
}

std::string base64_of(std::size_t octets) {
  return to_base64(Bytes(octets, 0x5A));
}

const std::string nonce = "\"" + base64_of(32) + "\"";

} // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(hello_is_answered_without_the_service) {
  WebStack stack;
  const auto page = stack.page();
  const auto answer = ask(*page, "hello", R"({"client":"test","version":"1","language":"zh-TW"})");
  const auto& result = answer.at("result").as_object();
  BOOST_TEST(result.at("service").as_string() == "twcard");
  BOOST_TEST(result.at("version").as_string() == TWCARD_VERSION);
  BOOST_TEST(result.at("protocol").as_int64() == 1);
  BOOST_TEST(json::serialize(result.at("methods")) ==
             R"(["hello","nhi.read","nhi.authenticate","certificates","authenticate","sign","events"])");
  BOOST_TEST(stack.service().had_connections(0, 0));
}

BOOST_AUTO_TEST_CASE(the_service_learns_the_origin_and_the_language_from_us) {
  WebStack stack;
  stack.service().answer("certificates", {{"certificates", json::array()}});
  const auto page = stack.page("https://page.test:8443");
  ask(*page, "hello", R"({"language":"zh-TW"})");
  ask(*page, "certificates");
  BOOST_TEST(json::serialize(stack.service().next_call().params) == R"({"origin":"https://page.test:8443"})");
  BOOST_TEST(stack.service().hellos().at(0).params.at("ui").at("language").as_string() == "zh-TW");
  ask(*page, "hello", R"({"language":"en"})");
  ask(*page, "certificates");
  BOOST_TEST(stack.service().hellos().at(1).params.at("ui").at("language").as_string() == "en");
  BOOST_TEST(stack.service().had_connections(1, 0));
}

BOOST_AUTO_TEST_CASE(a_reading_asks_for_the_fields_and_gives_them_back) {
  WebStack stack;
  stack.service().answer("nhi.read", object(R"({"reader":"Reader 00 00","fields":{"name":"王小明","sex":"M"},
    "name_uncertain":true,"warnings":["name: cut"]})"));
  const auto page = stack.page();
  const auto answer = ask(*page, "nhi.read", R"({"fields":["name","sex"]})");
  BOOST_TEST(json::serialize(answer.at("result")) ==
             R"({"fields":{"name":"王小明","sex":"M"},"nameUncertain":true,"warnings":["name: cut"]})");
  const auto call = stack.service().next_call();
  BOOST_TEST(json::serialize(call.params) == R"({"fields":["name","sex"],"origin":"https://page.test"})");
}

BOOST_AUTO_TEST_CASE(certificates_have_the_names_that_pages_know) {
  WebStack stack;
  stack.service().answer("certificates", object(R"({"reader":"Reader 00 00","card":{"kind":"hicos"},"certificates":[
    {"id":"SIGN","label":"signature","role":"signature","der":"AAEC","subject":"CN=x","issuer":"CN=y","serial_number":"01",
     "not_before":"2024-01-01T00:00:00Z","not_after":"2029-01-01T00:00:00Z","key_bits":2048,
     "usage":["digitalSignature"],"has_key":true}]})"));
  const auto page = stack.page();
  BOOST_TEST(json::serialize(ask(*page, "certificates").at("result")) ==
             R"({"certificates":[{"certificate":"AAEC","role":"signature","label":"signature","subject":"CN=x",)"
             R"("issuer":"CN=y","notBefore":"2024-01-01T00:00:00Z","notAfter":"2029-01-01T00:00:00Z",)"
             R"("usage":["digitalSignature"]}]})");
}

BOOST_AUTO_TEST_CASE(a_login_is_a_token_in_the_web_eid_format) {
  WebStack stack;
  stack.service().answer("authenticate", {{"certificate", "AAEC"}, {"algorithm", "RS256"}}, "\x01\x02\x03");
  const auto page = stack.page();
  BOOST_TEST(json::serialize(ask(*page, "authenticate", "{\"nonce\":" + nonce + "}").at("result")) ==
             R"({"unverifiedCertificate":"AAEC","algorithm":"RS256","signature":"AQID","format":"web-eid:1.0",)"
             R"("appVersion":"twcard/)" TWCARD_VERSION R"("})");
  const auto call = stack.service().next_call();
  BOOST_TEST(call.params.at("nonce").as_string() == base64_of(32));
  BOOST_TEST(call.params.at("origin").as_string() == "https://page.test");
}

BOOST_AUTO_TEST_CASE(an_nhi_card_answers_with_its_number_and_what_the_site_signed) {
  WebStack stack;
  stack.service().answer(
      "nhi.authenticate",
      object(R"({"reader":"Reader 00 00","card_number":"900000000001","signed":"0001text","signature":"ABCD"})"));
  const auto page = stack.page();
  BOOST_TEST(json::serialize(ask(*page, "nhi.authenticate", "{\"challenge\":" + nonce + "}").at("result")) ==
             R"({"cardNumber":"900000000001","signed":"0001text","signature":"ABCD"})");
  const auto call = stack.service().next_call();
  BOOST_TEST(json::serialize(call.params) == "{\"challenge\":" + nonce + R"(,"origin":"https://page.test"})");
}

BOOST_AUTO_TEST_CASE(a_signature_sends_the_hash_in_the_blob_only) {
  WebStack stack;
  stack.service().answer("sign", {{"algorithm", "RS384"}}, "\xFF");
  const auto page = stack.page();
  const auto answer =
      ask(*page, "sign", R"({"certificate":"AAEC","hashFunction":"SHA-384","hash":")" + base64_of(48) + "\"}");
  BOOST_TEST(json::serialize(answer.at("result")) ==
             R"({"signature":"/w==","signatureAlgorithm":{"cryptoAlgorithm":"RSA","paddingScheme":"PKCS1.5",)"
             R"("hashFunction":"SHA-384"}})");
  const auto call = stack.service().next_call();
  BOOST_TEST(json::serialize(call.params) ==
             R"({"certificate":"AAEC","hash_function":"SHA-384","origin":"https://page.test"})");
  BOOST_TEST(call.blob == std::string(48, '\x5A'));
}

BOOST_AUTO_TEST_CASE(wrong_parameters_name_the_member_and_never_reach_the_service) {
  WebStack stack;
  const auto page = stack.page();
  const auto long_nonce = "\"" + base64_of(99) + "\"";
  const std::vector<std::array<std::string, 3>> wrong = {
      {"hello", R"({"language":"fr"})", "language"},
      {"hello", R"({"client":7})", "client"},
      {"hello", R"({"x":1})", "x"},
      {"nhi.read", "{}", "fields"},
      {"nhi.read", R"({"fields":[]})", "fields"},
      {"nhi.read", R"({"fields":"name"})", "fields"},
      {"nhi.read", R"({"fields":["1","2","3","4","5","6","7","8"]})", "fields"},
      {"nhi.read", R"({"fields":[")" + std::string(65, 'x') + R"("]})", "fields"},
      {"nhi.read", R"({"fields":["name"],"origin":"https://other.test"})", "origin"},
      {"certificates", R"({"reader":"x"})", "reader"},
      {"authenticate", "{}", "nonce"},
      {"authenticate", "{\"nonce\":" + long_nonce + "}", "nonce"},
      {"authenticate", "{\"nonce\":" + nonce + ",\"origin\":\"https://other.test\"}", "origin"},
      {"nhi.authenticate", "{}", "challenge"},
      {"nhi.authenticate", "{\"nonce\":" + nonce + "}", "nonce"},
      {"nhi.authenticate", "{\"challenge\":7}", "challenge"},
      {"nhi.authenticate", "{\"challenge\":" + long_nonce + "}", "challenge"},
      {"nhi.authenticate", "{\"challenge\":" + nonce + ",\"reader\":\"x\"}", "reader"},
      {"nhi.authenticate", "{\"challenge\":" + nonce + ",\"origin\":\"https://other.test\"}", "origin"},
      {"sign", R"({"hash":"AAEC","hashFunction":"SHA-256"})", "certificate"},
      {"sign", R"({"certificate":"AA EC","hash":"AAEC","hashFunction":"SHA-256"})", "certificate"},
      {"sign", R"({"certificate":"AAEC","hash":")" + base64_of(65) + R"(","hashFunction":"SHA-512"})", "hash"},
      {"sign",
       R"({"certificate":")" + base64_of(4097) + R"(","hash":")" + base64_of(32) + R"(","hashFunction":"SHA-256"})",
       "certificate"},
      {"sign", R"({"certificate":"AAEC","hash":"A","hashFunction":"SHA-256"})", "hash"},
      {"sign", R"({"certificate":"AAEC","hash":"AAEC","hashFunction":"SHA-256-and-longer"})", "hashFunction"},
      {"sign", R"({"certificate":"AAEC","hash":"AAEC"})", "hashFunction"},
      {"events", R"({"x":1})", "x"},
      {"format", "{}", "method"},
      {"", "{}", "method"},
      {"hello", "[]", "params"},
  };
  for (const auto& [method, params, member] : wrong) {
    const auto answer = ask(*page, method, params);
    BOOST_TEST_CONTEXT(method << " " << params.substr(0, 60)) {
      BOOST_TEST(error_of(answer) == "bad_request");
      BOOST_TEST(answer.at("error").at("detail").as_string().starts_with(member));
    }
  }
  BOOST_TEST(stack.service().had_connections(0, 0));
}

// tests/daemon/card/methods/request_tests.cpp has what it refuses.
BOOST_AUTO_TEST_CASE(values_are_the_services_to_check_and_a_page_reads_its_own_names) {
  WebStack stack;
  const auto page = stack.page();
  const std::vector<std::array<std::string, 4>> wrong = {
      {"nhi.read", R"({"fields":["blood_type"]})", "fields: unknown", "fields: unknown"},
      {"nhi.read", R"({"fields":["name","name"]})", "fields: twice", "fields: twice"},
      {"authenticate", "{\"nonce\":\"" + base64_of(31) + "\"}", "nonce: short", "nonce: short"},
      {"authenticate", "{\"nonce\":\"" + std::string(44, '!') + "\"}", "nonce: base64", "nonce: base64"},
      {"nhi.authenticate", "{\"challenge\":\"" + base64_of(31) + "\"}", "challenge: short", "challenge: short"},
      {"sign", R"({"certificate":"AAEC","hash":"AAEC","hashFunction":"SHA-256"})", "blob: 32", "hash: 32"},
      {"sign", R"({"certificate":"AAEC","hash":"AAEC","hashFunction":"SHA-1"})", "hash_function: no",
       "hashFunction: no"},
      {"sign", R"({"certificate":"AAEC","hash":"AAEC","hashFunction":"SHA-256"})", "certificate: none",
       "certificate: none"},
  };
  for (const auto& [method, params, said, told] : wrong) {
    stack.service().fail(method, Error(Errc::BadRequest, said));
    const auto answer = ask(*page, method, params);
    BOOST_TEST_CONTEXT(method << " " << params) {
      BOOST_TEST(error_of(answer) == "bad_request");
      BOOST_TEST(answer.at("error").at("detail").as_string() == told);
      BOOST_TEST(stack.service().next_call().params.at("origin").as_string() == "https://page.test");
    }
  }
  stack.service().fail("sign", Error(Errc::PinIncorrect, "blob: x", 2));
  const auto answer = ask(*page, "sign", R"({"certificate":"AAEC","hash":"AAEC","hashFunction":"SHA-256"})");
  BOOST_TEST(answer.at("error").at("tries_left").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(errors_of_the_service_keep_their_codes) {
  WebStack stack;
  const auto page = stack.page();
  for (const auto code : {Errc::PinIncorrect, Errc::PinBlocked, Errc::Cancelled, Errc::ConsentDenied, Errc::NoCard,
                          Errc::CardRemoved, Errc::NoReader, Errc::NoPcsc, Errc::UnsupportedCard, Errc::ProfileMissing,
                          Errc::SiteUnreachable, Errc::SiteFailed, Errc::PromptUnavailable, Errc::Timeout}) {
    stack.service().fail("certificates",
                         Error(code, "somewhere", code == Errc::PinIncorrect ? std::optional(2) : std::nullopt));
    const auto answer = ask(*page, "certificates");
    BOOST_TEST(error_of(answer) == std::string(name_of(code)));
    BOOST_TEST(answer.at("error").as_object().contains("tries_left") == (code == Errc::PinIncorrect));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_service_that_makes_no_sense_is_an_internal_error) {
  WebStack stack;
  stack.service().answer("certificates", {{"certificates", "none"}});
  const auto page = stack.page();
  BOOST_TEST(error_of(ask(*page, "certificates")) == "internal");
  stack.service().answer("authenticate", {});
  BOOST_TEST(error_of(ask(*page, "authenticate", "{\"nonce\":" + nonce + "}")) == "internal");
}

BOOST_AUTO_TEST_CASE(without_the_service_a_call_fails_and_the_next_one_finds_it_again) {
  WebStack stack;
  stack.service().answer("certificates", {{"certificates", json::array()}});
  const auto page = stack.page();
  stack.stop_service();
  BOOST_TEST(error_of(ask(*page, "certificates")) == "service_unavailable");
  stack.start_service();
  BOOST_TEST(error_of(ask(*page, "certificates")) == "none");
  stack.stop_service();
  stack.start_service();
  BOOST_TEST(error_of(ask(*page, "certificates")) == "none");
}

BOOST_AUTO_TEST_CASE(calls_that_start_together_share_one_connection) {
  WebStack stack;
  stack.service().answer("certificates", {{"certificates", json::array()}});
  const auto page = stack.page();
  for (int i = 1; i <= 4; ++i) page->send_text(R"({"id":)" + std::to_string(i) + R"(,"method":"certificates"})");
  for (int i = 1; i <= 4; ++i) BOOST_TEST(error_of(object(page->receive_text())) == "none");
  BOOST_TEST(stack.service().had_connections(1, 0));
  BOOST_TEST(stack.service().hellos().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_service_that_ends_during_a_call_fails_the_call) {
  WebStack stack;
  stack.service().hold("certificates");
  const auto page = stack.page();
  page->send_text(R"({"id":3,"method":"certificates"})");
  static_cast<void>(stack.service().next_call());
  stack.stop_service();
  const auto answer = object(page->receive_text());
  BOOST_TEST(answer.at("id").as_int64() == 3);
  BOOST_TEST(error_of(answer) == "service_unavailable");
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_ends_its_service_connection_and_no_other) {
  WebStack stack;
  stack.service().hold("certificates");
  stack.service().answer("nhi.read", {{"fields", json::object()}});
  auto leaving = stack.page();
  const auto staying = stack.page();
  ask(*staying, "nhi.read", R"({"fields":["name"]})");
  leaving->send_text(R"({"id":1,"method":"certificates"})");
  while (stack.service().next_call().method != "certificates") {
  }
  leaving->close();
  BOOST_TEST(stack.service().had_connections(2, 1));
  BOOST_TEST(error_of(ask(*staying, "nhi.read", R"({"fields":["name"]})")) == "none");
}

BOOST_AUTO_TEST_CASE(a_page_that_closes_properly_also_ends_its_service_connection) {
  WebStack stack;
  stack.service().hold("certificates");
  const auto page = stack.page();
  page->send_text(R"({"id":1,"method":"certificates"})");
  static_cast<void>(stack.service().next_call());
  page->send_frame(8, "\x03\xE9");
  BOOST_TEST(page->receive().close_code() == 1001U);
  BOOST_TEST(stack.service().had_connections(1, 1));
}

BOOST_AUTO_TEST_CASE(four_requests_may_be_under_way_and_a_fifth_is_answered_at_once) {
  WebStack stack;
  stack.service().hold("certificates");
  const auto page = stack.page();
  for (int i = 1; i <= 5; ++i) page->send_text(R"({"id":)" + std::to_string(i) + R"(,"method":"certificates"})");
  const auto answer = object(page->receive_text());
  BOOST_TEST(answer.at("id").as_int64() == 5);
  BOOST_TEST(error_of(answer) == "bad_request");
}

BOOST_AUTO_TEST_CASE(answers_may_overtake_each_other) {
  WebStack stack;
  stack.service().hold("certificates");
  const auto page = stack.page();
  page->send_text(R"({"id":1,"method":"certificates"})");
  page->send_text(R"({"id":2,"method":"hello"})");
  BOOST_TEST(object(page->receive_text()).at("id").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(events_come_after_they_were_asked_for) {
  WebStack stack;
  const json::object removed{{"type", "card_removed"}, {"reader", "Reader 00 00"}, {"card", {{"kind", "nhi"}}}};
  stack.service().answer("certificates", {{"certificates", json::array()}});
  const auto page = stack.page();
  ask(*page, "certificates");
  stack.notify(removed); // nobody asked for it
  ask(*page, "certificates");
  BOOST_TEST(json::serialize(ask(*page, "events").at("result")) == "{}");
  stack.notify({{"type", "reader_removed"}, {"reader", "Reader 00 00"}});
  stack.notify(removed);
  BOOST_TEST(page->receive_text() == R"({"event":"card_removed","card":{"kind":"nhi"}})");
  auto call = stack.service().next_call();
  while (call.method == "certificates") call = stack.service().next_call();
  BOOST_TEST(call.method == "events.subscribe");
  BOOST_TEST(json::serialize(call.params) == R"({"origin":"https://page.test"})");
}

BOOST_AUTO_TEST_CASE(events_are_asked_for_again_after_the_service_came_back) {
  WebStack stack;
  stack.service().answer("certificates", {{"certificates", json::array()}});
  const auto page = stack.page();
  ask(*page, "events");
  stack.stop_service();
  stack.start_service();
  ask(*page, "certificates");
  BOOST_TEST(stack.service().next_call().method == "events.subscribe");
  BOOST_TEST(stack.service().next_call().method == "events.subscribe");
  BOOST_TEST(stack.service().next_call().method == "certificates");
  stack.notify({{"type", "card_ready"}, {"card", {{"kind", "hicos"}}}});
  BOOST_TEST(page->receive_text() == R"({"event":"card_ready","card":{"kind":"hicos"}})");
}

BOOST_AUTO_TEST_CASE(a_refused_subscription_is_an_error_and_can_be_tried_again) {
  WebStack stack;
  stack.service().fail("events.subscribe", Error(Errc::NoPcsc, "no"));
  const auto page = stack.page();
  BOOST_TEST(error_of(ask(*page, "events")) == "no_pcsc");
  stack.service().answer("events.subscribe", {});
  BOOST_TEST(error_of(ask(*page, "events")) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
