// The text protocol. Expected values: the NHIICC protocol description, section 1.
#include "daemon/web/dialects/nhiicc/commands.hpp"
#include "tests/daemon/web/dialects/nhiicc/front.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace twcard::web {

namespace {

boost::json::object basic_result() {
  return {{"card_number", "000012345678"}, {"name", "王小明"}, {"name_uncertain", false}, {"id_number", "A123456789"},
          {"birth_date", "0690115"},       {"sex", "M"},       {"termination", ""}};
}

bool is_16_digits(const std::string& text) {
  return text.size() == 16 && text.find_first_not_of("0123456789") == std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhiicc_session)

BOOST_AUTO_TEST_CASE(version_and_random_numbers_need_no_card) {
  NhiiccFront front;
  const auto page = front.page();
  BOOST_TEST(asked(*page, "GetVersion") == "GetVersion:0001");
  const auto random = asked(*page, "GetRandom");
  BOOST_TEST(random.starts_with("GetRandom:"));
  BOOST_TEST(is_16_digits(random.substr(10)));
  BOOST_TEST(front.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(random_numbers_do_not_repeat_within_a_second) {
  std::set<std::string> seen;
  std::array<std::size_t, 10> digits{};
  for (int i = 0; i < 2000; ++i) {
    const auto random = nhiicc::random_digits();
    BOOST_REQUIRE(is_16_digits(random));
    seen.insert(random);
    for (const char digit : random) ++digits.at(static_cast<std::size_t>(digit - '0'));
  }
  BOOST_TEST(seen.size() == 2000U);
  // 3,200 of each on average; 300 are more than five times the standard deviation of 54.
  for (const auto count : digits) BOOST_TEST((count > 2900 && count < 3500));
}

BOOST_AUTO_TEST_CASE(the_basic_record_is_one_line_of_six_fields) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_basic", basic_result());
  const auto page = front.page();
  BOOST_TEST(asked(*page, "GetBasic") == "GetBasic:000012345678,A123456789,王小明,0690115,M,");
  const auto call = front.stack.service().next_call();
  BOOST_TEST(call.method == "legacy.nhi_basic");
  BOOST_TEST(call.params.at("origin").as_string() == "https://page.test");
  auto terminated = basic_result();
  terminated["termination"] = "1";
  terminated["name"] = "王\xEF\xBF\xBD";
  front.stack.service().answer("legacy.nhi_basic", terminated);
  BOOST_TEST(asked(*page, "GetBasic\n") == "GetBasic:000012345678,A123456789,王\xEF\xBF\xBD,0690115,M,1");
}

BOOST_AUTO_TEST_CASE(a_password_goes_to_the_service_in_the_blob_and_comes_back_encrypted) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_encrypt_password", {{"encrypted", "00112233445566778899AABBCCDDEEFF"}});
  const auto page = front.page();
  BOOST_TEST(asked(*page, "EnCrypt?Pwd=secret7") == "EnCrypt:00112233445566778899AABBCCDDEEFF");
  const auto call = front.stack.service().next_call();
  BOOST_TEST(call.blob == "secret7");
  BOOST_TEST(call.params.size() == 1U); // the origin
}

BOOST_AUTO_TEST_CASE(a_password_of_less_than_six_characters_is_8009_before_any_call) {
  NhiiccFront front;
  const auto page = front.page();
  for (const std::string& password :
       {std::string(), std::string("12345"), std::string("12345 6789"), std::string(" 123456"),
        std::string("12345\0"
                    "6789",
                    10)})
    BOOST_TEST(asked(*page, "EnCrypt?Pwd=" + password) == "8009");
  BOOST_TEST(front.stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(the_encrypted_record_is_bare_unless_the_cards_profile_wants_the_prefix) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_encrypt_basic", {{"encrypted", "0123ABCD"}, {"prefixed", false}});
  const auto page = front.page();
  BOOST_TEST(asked(*page, "SecureGetBasicWithParam?Pwd=whatever") == "0123ABCD");
  front.stack.service().answer("legacy.nhi_encrypt_basic", {{"encrypted", "0123ABCD"}, {"prefixed", true}});
  BOOST_TEST(asked(*page, "SecureGetBasicWithParam?Pwd=") == "SecureGetBasicWithParam:0123ABCD");
}

BOOST_AUTO_TEST_CASE(a_signature_is_for_20_characters_padded_with_nul_or_cut) {
  NhiiccFront front;
  const std::string signature(256, 'S');
  front.stack.service().answer("legacy.nhi_sign", {{"card_number", "000012345678"}, {"signature", signature}});
  const auto page = front.page();
  BOOST_TEST(asked(*page, "H_Sign?Random=00011234567890123456") == "H_Sign:" + signature);
  BOOST_TEST(front.stack.service().next_call().params.at("random").as_string() == "00011234567890123456");
  for (const std::string random :
       {"", "0001", "0001123456789012345", "000112345678901234567", "0001\n", "00011234567890123456\x01"}) {
    auto expected = random.substr(0, random.find('\n'));
    expected.resize(20);
    BOOST_TEST(asked(*page, "H_Sign?Random=" + random) == "H_Sign:" + signature);
    BOOST_TEST(front.stack.service().next_call().params.at("random").as_string() == expected);
  }
  for (const auto& random : {std::string("0001123456789012345\x01"), std::string("王小明"),
                             std::string("0001\0"
                                         "1",
                                         6)})
    BOOST_TEST(asked(*page, "H_Sign?Random=" + random) == "9876");
  BOOST_TEST(front.stack.service().calls() == 7U);
}

BOOST_AUTO_TEST_CASE(anything_else_is_9999_and_exit_stops_nothing) {
  NhiiccFront front;
  const auto page = front.page();
  for (const char* request : {"", "Exit", "exit", "getversion", "GETBASIC", " GetVersion", "EnCrypt",
                              "EnCrypt?pwd=123456", "H_Sign", "SecureGetBasic", "\n", "GetBasi", "王小明"})
    BOOST_TEST_CONTEXT(request) BOOST_TEST(asked(*page, request) == "9999");
  BOOST_TEST(asked(*page, "GetVersion") == "GetVersion:0001");
  BOOST_TEST(asked(*front.page(), "GetVersion") == "GetVersion:0001");
}

BOOST_AUTO_TEST_CASE(errors_of_the_service_are_codes_by_command) {
  NhiiccFront front;
  const auto page = front.page();
  for (const char* method : {"legacy.nhi_basic", "legacy.nhi_encrypt_password", "legacy.nhi_encrypt_basic"})
    front.stack.service().fail(method, Error(Errc::NoReader, "none"));
  front.stack.service().fail("legacy.nhi_sign", Error(Errc::SiteFailed, "no", std::string("hello")));
  BOOST_TEST(asked(*page, "GetBasic") == "8013");
  BOOST_TEST(asked(*page, "EnCrypt?Pwd=123456") == "8013");
  BOOST_TEST(asked(*page, "SecureGetBasicWithParam?Pwd=1") == "8013");
  BOOST_TEST(asked(*page, "H_Sign?Random=00011234567890123456") == "8302");
  front.stack.stop_service();
  BOOST_TEST(asked(*page, "GetBasic") == "8013");
  BOOST_TEST(asked(*page, "H_Sign?Random=00011234567890123456") == "7001");
}

BOOST_AUTO_TEST_CASE(requests_of_a_connection_are_answered_in_order) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_basic", basic_result());
  const auto page = front.page();
  // In one piece: all are there before the card has answered the first.
  std::string frames;
  for (const char* request : {"GetBasic", "GetVersion", "Exit", "GetBasic"}) frames += client_frame(1, request);
  page->send(frames);
  BOOST_TEST(page->receive_text().starts_with("GetBasic:"));
  BOOST_TEST(page->receive_text() == "GetVersion:0001");
  BOOST_TEST(page->receive_text() == "9999");
  BOOST_TEST(page->receive_text().starts_with("GetBasic:"));
}

BOOST_AUTO_TEST_CASE(a_client_that_sends_requests_without_end_is_closed) {
  NhiiccFront front;
  front.stack.service().hold("legacy.nhi_basic");
  const auto page = front.page();
  for (std::size_t i = 0; i < NhiiccSession::max_waiting + 2; ++i) page->send_text("GetBasic");
  BOOST_TEST(page->receive().close_code() == 1008U);
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_ends_its_call) {
  NhiiccFront front;
  front.stack.service().hold("legacy.nhi_basic");
  const auto page = front.page();
  page->send_text("GetBasic");
  static_cast<void>(front.stack.service().next_call());
  page->drop();
  BOOST_TEST(front.stack.service().had_connections(1, 1));
}

BOOST_AUTO_TEST_CASE(another_site_is_not_connected_and_any_path_shows_that_the_connection_is_trusted) {
  NhiiccFront front;
  for (const char* origin : {"https://other.test", "null", "http://page.test", "https://page.test:8443"})
    BOOST_TEST(front.open(*front.connect(), origin) == 403U);
  for (const char* path : {"/", "/echo", "/index.html"}) {
    const auto browser = front.connect();
    const Header host{"Host", "iccert.nhi.gov.tw:" + std::to_string(front.stack.port())};
    BOOST_TEST(browser->request("GET " + std::string(path) + " HTTP/1.1", {host}) == 200U);
    BOOST_TEST(browser->answer_header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(browser->receive_all().find("trusted") != std::string::npos);
  }
  BOOST_TEST(front.stack.sessions() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
