#include "tests/cli/fake_service.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

const std::string two_readers = R"([
  {"name": "Test Reader 00", "card": {"state": "ready", "kind": "hicos", "holder": "citizen", "atr": "3B00",
    "missing_profile": "no profile for HiCOS cards"}},
  {"name": "Test Reader 01", "card": null},
  {"name": "Test\u001b Reader 02", "card": {"state": "failed", "atr": "3B00",
    "error": {"code": "unsupported_card", "message": {"en": "not a known card", "zh-TW": "不認得這張卡片"}}}},
  {"name": "Test Reader 03", "card": {"state": "reading", "kind": "nhi", "atr": "3B00"}}])";

std::string status_with(const std::string& readers, const std::string& faults = "[]") {
  return R"({"pcsc": "ok", "readers": )" + readers + R"(, "profile_faults": )" + faults + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_command)

BOOST_AUTO_TEST_CASE(status_shows_service_readers_cards_and_what_is_missing) {
  FakeService service;
  service.on("status", status_with(two_readers));
  const auto outcome = service.run({"status"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out ==
             "Service      twcardd 9.8.7\n"
             "pcscd        running\n"
             "Readers      4\n"
             "  Test Reader 00: citizen certificate card, ready\n"
             "    a card profile is needed for signatures and sign-in: no profile for HiCOS cards\n"
             "    install it in /etc/twcard/profiles.d or ~/.config/twcard/profiles.d (see docs/card-profiles.md)\n"
             "  Test Reader 01: no card\n"
             "  Test\\u{1B} Reader 02: card: not a known card\n"
             "  Test Reader 03: NHI card, being read\n");
}

BOOST_AUTO_TEST_CASE(known_pin_tries_are_said_and_unknown_ones_are_not) {
  const std::pair<const char*, const char*> cases[] = {{"2", "    PIN: 2 attempts left\n"},
                                                       {"1", "    PIN: one attempt left; a wrong PIN locks the card\n"},
                                                       {"0", "    PIN: locked when it was last used here"},
                                                       {"null", ""}};
  for (const auto& [tries, text] : cases) {
    FakeService service;
    service.on("status", status_with(std::string(R"([{"name": "R", "card": {"state": "ready", "kind": "hicos",
      "atr": "3B00", "tries_left": )") +
                                     tries + "}}]"));
    const auto out = service.run({"status"}).out;
    if (*text != '\0') BOOST_TEST(out.find(text) != std::string::npos, out);
    BOOST_TEST((out.find("PIN") != std::string::npos) == (*text != '\0'));
    const auto chinese = service.run({"status"}, {{"LANG", "zh_TW.UTF-8"}}).out;
    BOOST_TEST((chinese.find("PIN 碼") != std::string::npos) == (*text != '\0'));
  }
}

BOOST_AUTO_TEST_CASE(status_speaks_chinese_in_a_chinese_locale) {
  FakeService service;
  service.on("status", status_with(two_readers));
  const auto out = service.run({"status"}, {{"LANG", "zh_TW.UTF-8"}}).out;
  BOOST_TEST(out.find("服務         twcardd 9.8.7\n") != std::string::npos);
  BOOST_TEST(out.find("  Test Reader 00: 自然人憑證卡，可以使用\n") != std::string::npos);
  BOOST_TEST(out.find("卡片：不認得這張卡片\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_card_is_named_after_its_holder_or_its_kind) {
  FakeService service;
  service.on("status", status_with(R"([
    {"name": "A", "card": {"state": "ready", "kind": "gpki", "holder": "company", "atr": "3B00"}},
    {"name": "B", "card": {"state": "ready", "kind": "hicos", "holder": "unknown", "atr": "3B00"}},
    {"name": "C", "card": {"state": "ready", "kind": "pkcs15", "holder": "citizen", "atr": "3B00"}},
    {"name": "D", "card": {"state": "ready", "kind": "another", "atr": "3B00"}}])"));
  const auto out = service.run({"status"}).out;
  BOOST_TEST(out.find("  A: company's certificate card, ready\n") != std::string::npos);
  BOOST_TEST(out.find("  B: certificate card, ready\n") != std::string::npos);
  BOOST_TEST(out.find("  C: certificate card (ISO 7816-15), ready\n") != std::string::npos);
  BOOST_TEST(out.find("  D: card, ready\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_faulty_profile_is_named_by_file_line_and_field) {
  FakeService service;
  service.on("status", status_with("[]", R"([
    {"file": "/etc/twcard/profiles.d/a.json", "line": 12, "field": "transport_keys[0]", "text": "is not 16 octets"},
    {"file": "/etc/twcard/profiles.d/b.json", "line": 1, "field": "", "text": "is no JSON"}])"));
  const auto out = service.run({"status"}).out;
  BOOST_TEST(out.find("  /etc/twcard/profiles.d/a.json:12: transport_keys[0]: is not 16 octets\n") !=
             std::string::npos);
  BOOST_TEST(out.find("  /etc/twcard/profiles.d/b.json:1: is no JSON\n") != std::string::npos);
  BOOST_TEST(out.find("none; connect one") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(status_without_pcscd_is_still_a_status) {
  FakeService service;
  service.on("status", R"({"pcsc": "no_pcsc", "readers": [], "profile_faults": []})");
  const auto outcome = service.run({"status"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out.find("apt install pcscd") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(status_in_json_is_the_answer_of_the_service_and_its_version) {
  FakeService service;
  service.on("status", status_with(two_readers));
  const auto json = json_of(service.run({"status", "--json"}).out);
  BOOST_TEST(json.at("service").at("version").as_string() == "9.8.7");
  BOOST_TEST(json.at("pcsc").as_string() == "ok");
  BOOST_TEST((json.at("readers") == boost::json::parse(two_readers)));
  BOOST_TEST(json.at("profile_faults").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(readers_command)

BOOST_AUTO_TEST_CASE(readers_prints_a_line_each) {
  FakeService service;
  service.on("status", status_with(two_readers));
  const auto outcome = service.run({"readers"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out == "Test Reader 00: citizen certificate card, ready\n"
                            "Test Reader 01: no card\n"
                            "Test\\u{1B} Reader 02: card: not a known card\n"
                            "Test Reader 03: NHI card, being read\n");
  const auto json = json_of(service.run({"readers", "--json"}).out);
  BOOST_TEST((json.at("readers") == boost::json::parse(two_readers)));
}

BOOST_AUTO_TEST_CASE(no_reader_is_not_a_failure_but_no_pcscd_is) {
  FakeService service;
  service.on("status", status_with("[]"));
  const auto none = service.run({"readers"});
  BOOST_TEST(none.exit_code == 0);
  BOOST_TEST(none.out.empty());
  BOOST_TEST(none.err == "No reader is connected. Connect one.\n");

  service.on("status", R"({"pcsc": "no_pcsc", "readers": [], "profile_faults": []})");
  const auto outcome = service.run({"readers", "--json"});
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(json_of(outcome.out).at("error").at("code").as_string() == "no_pcsc");
}

BOOST_AUTO_TEST_SUITE_END()
