// Requests that are wrong are refused before anybody is asked and before a card hears of them.
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  Fixture() {
    insert(reader_a, card);
    card->reset_counters();
  }
  void check_refused(const char* method, const std::string& params, const char* named, std::size_t blob_size = 0) {
    BOOST_TEST_CONTEXT(method << ' ' << params.substr(0, 100)) {
      BOOST_CHECK_EXCEPTION(call(method, json::parse(params).as_object(), SecureBytes(blob_size)), Error,
                            has_code(Errc::BadRequest, named));
    }
  }
};

const std::string good_nonce = std::string(R"("nonce":")") + nonce + "\"";

std::string with_origin(const std::string& origin) {
  return R"({"origin":")" + origin + "\"," + good_nonce + "}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(requests, Fixture)

BOOST_AUTO_TEST_CASE(hello_says_who_is_here) {
  const auto result = call("hello", {{"client", "test"}, {"version", "1"}}).result;
  BOOST_TEST(result.at("service").as_string() == "twcardd");
  BOOST_TEST(result.at("version").as_string() == TWCARD_VERSION);
  BOOST_TEST(result.at("protocol").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(wrong_requests_reach_neither_person_nor_card) {
  check_refused("token.transmit", "{}", "method");
  check_refused("hello", R"({"ui":[]})", "ui");
  check_refused("hello", R"({"ui":{"display":7}})", "display");
  check_refused("hello", R"({"ui":{"path":"x"}})", "path");
  check_refused("status", R"({"origin":"https://page.test"})", "origin");
  check_refused("token.random", R"({"origin":"https://page.test"})", "origin");
  check_refused("certificates", R"({"reeder":"x"})", "reeder");
  check_refused("certificates", R"({"reader":7})", "reader");
  check_refused("nhi.read", "{}", "fields");
  check_refused("nhi.read", R"({"fields":[]})", "fields");
  check_refused("nhi.read", R"({"fields":["name","name"]})", "name is there twice");
  check_refused("nhi.read", R"({"fields":["phone"]})", "phone");
  check_refused("nhi.read", R"({"fields":["name",7]})", "fields");
  check_refused("sign", R"({"hash_function":"SHA-256"})", "certificate", 32);
  check_refused("sign", R"({"certificate":"AQID","hash_function":"SHA-1"})", "hash_function", 20);
  check_refused("sign", R"({"certificate":"AQID","hash_function":"SHA-256"})", "blob", 31);
  check_refused("sign", R"({"certificate":"AQID","hash_function":"SHA-512"})", "blob", 32);
  check_refused("sign", R"({"certificate":"AQ*D","hash_function":"SHA-256"})", "certificate", 32);
  BOOST_TEST(prompt->questions().empty());
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_login_needs_an_origin_and_a_nonce_of_32_octets) {
  check_refused("authenticate", "{" + good_nonce + "}", "origin");
  check_refused("authenticate", R"({"origin":"https://page.test"})", "nonce");
  // 31 octets; 43 characters; 132 characters; no base64.
  for (const auto& bad : {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=",
                          "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8-"})
    check_refused("authenticate", std::string(R"({"origin":"https://page.test","nonce":")") + bad + "\"}", "nonce");
  check_refused("authenticate", R"({"origin":"https://page.test","nonce":")" + std::string(132, 'A') + "\"}", "nonce");
  BOOST_TEST(prompt->questions().empty());
}

BOOST_AUTO_TEST_CASE(an_invalid_origin_is_refused) {
  for (const char* origin :
       {"", "null", "page.test", "ftp://page.test", "https://", "https://page.test/", "file:///x", "https://page test",
        "https://PAGE.test", "https://例.test", "https://a@page.test", "https://page~.test"})
    check_refused("authenticate", with_origin(origin), "origin");
  check_refused("authenticate", with_origin("https://" + std::string(248, 'a')), "origin");
  BOOST_TEST(prompt->questions().empty());
}

BOOST_AUTO_TEST_CASE(origins_of_sites_are_taken) {
  for (const char* origin : {"https://page.test", "https://page.test:8443", "http://localhost:3000",
                             "https://[::1]:8443", "https://xn--fsq.test"})
    BOOST_CHECK_NO_THROW(call("authenticate", json::parse(with_origin(origin)).as_object()));
}

BOOST_AUTO_TEST_CASE(there_is_no_way_to_send_an_apdu) {
  for (const char* method : {"apdu", "transmit", "token.apdu", "card.transmit"})
    check_refused(method, R"({"apdu":"00200001"})", "method");
}

BOOST_AUTO_TEST_CASE(a_malformed_frame_leaves_the_service_working) {
  rpc::testing::RawConnection hostile(socket());
  hostile.send(rpc::FrameHeader{0xFFFFFFFF, 0xFFFFFFFF}.encode());
  BOOST_TEST(!hostile.receive().json.empty());
  BOOST_TEST(hostile.receive().json.empty());
  BOOST_CHECK_NO_THROW(call("status"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
