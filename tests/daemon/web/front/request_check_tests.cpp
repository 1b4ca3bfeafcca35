#include "daemon/web/front/request_check.hpp"

#include "tests/daemon/web/front/bad_origins.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::web {

namespace {

RequestHead good_request() {
  return {11,
          "GET",
          "/",
          {{"Host", "127.0.0.1:25120"},
           {"Connection", "keep-alive, Upgrade"},
           {"Upgrade", "websocket"},
           {"Origin", "https://page.test"},
           {"Sec-WebSocket-Version", "13"},
           {"Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw=="},
           {"Sec-WebSocket-Protocol", "other.v3, twcard.v1"}}};
}

RequestHead with(const std::string& name, const std::string& value) {
  auto request = good_request();
  for (auto& [field, old] : request.fields)
    if (field == name) old = value;
  return request;
}

RequestHead without(const std::string& name) {
  auto request = good_request();
  std::erase_if(request.fields, [&](const auto& field) { return field.first == name; });
  return request;
}

RequestHead with_also(const std::string& name, const std::string& value) {
  auto request = good_request();
  request.fields.emplace_back(name, value);
  return request;
}

// 101 when it may be upgraded.
unsigned status_of(const RequestHead& request) {
  const auto verdict = check_request(request, RequestRules(), 25120);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal != nullptr ? refusal->status : 101;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_check)

BOOST_AUTO_TEST_CASE(a_browsers_handshake_is_admitted_with_its_origin) {
  BOOST_TEST(std::get<Admission>(check_request(good_request(), RequestRules(), 25120)).origin == "https://page.test");
  BOOST_TEST(status_of(with("Host", "[::1]:25120")) == 101U);
  BOOST_TEST(status_of(with("Upgrade", "WebSocket")) == 101U);
}

BOOST_AUTO_TEST_CASE(another_host_is_forbidden_whatever_else_is_right) {
  for (const auto& host : bad_hosts(25120)) BOOST_TEST_CONTEXT(host) BOOST_TEST(status_of(with("Host", host)) == 403U);
  BOOST_TEST(status_of(without("Host")) == 403U);
  BOOST_TEST(status_of(with_also("host", "127.0.0.1:25120")) == 403U);
}

BOOST_AUTO_TEST_CASE(anything_but_one_web_origin_is_forbidden) {
  for (const auto& origin : bad_origins())
    BOOST_TEST_CONTEXT(origin) BOOST_TEST(status_of(with("Origin", origin)) == 403U);
  BOOST_TEST(status_of(without("Origin")) == 403U);
  BOOST_TEST(status_of(with_also("ORIGIN", "https://page.test")) == 403U);
}

BOOST_AUTO_TEST_CASE(a_plain_request_learns_that_an_upgrade_is_needed) {
  BOOST_TEST(status_of(without("Upgrade")) == 426U);
  BOOST_TEST(status_of(without("Connection")) == 426U);
  BOOST_TEST(status_of(with("Upgrade", "h2c")) == 426U);
  BOOST_TEST(status_of(with("Connection", "keep-alive")) == 426U);
  BOOST_TEST(status_of(with("Sec-WebSocket-Version", "12")) == 426U);
  auto post = good_request();
  post.method = "POST";
  BOOST_TEST(status_of(post) == 426U);
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_found) {
  for (const char* target : {"", "/index.html", "//", "/?x=1", "*", "http://127.0.0.1:25120/", "/.."}) {
    auto request = good_request();
    request.target = target;
    BOOST_TEST_CONTEXT(target) BOOST_TEST(status_of(request) == 404U);
  }
}

BOOST_AUTO_TEST_CASE(a_handshake_needs_our_subprotocol_and_a_proper_key) {
  for (const char* offered : {"twcard.v2", "twcard", "TWCARD.V1", "twcard.v1x", "x twcard.v1", ",", ""})
    BOOST_TEST_CONTEXT(offered) BOOST_TEST(status_of(with("Sec-WebSocket-Protocol", offered)) == 400U);
  BOOST_TEST(status_of(without("Sec-WebSocket-Protocol")) == 400U);
  for (const char* key : {"", "AAECAwQFBgcICQoLDA0O", "nonsense", "AAECAwQFBgcICQoLDA0ODxA="})
    BOOST_TEST_CONTEXT(key) BOOST_TEST(status_of(with("Sec-WebSocket-Key", key)) == 400U);
  BOOST_TEST(status_of(with_also("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw==")) == 400U);
  BOOST_TEST(status_of(with_also("Content-Length", "3")) == 400U);
  BOOST_TEST(status_of(with_also("Transfer-Encoding", "chunked")) == 400U);
  auto old = good_request();
  old.version = 10;
  BOOST_TEST(status_of(old) == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
