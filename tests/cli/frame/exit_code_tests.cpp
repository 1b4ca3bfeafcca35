#include "cli/frame/exit_code.hpp"
#include "tests/cli/fake_service.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

BOOST_AUTO_TEST_SUITE(exit_code)

// docs/cli.md, "Exit status"; the names are those of the service protocol.
BOOST_AUTO_TEST_CASE(each_error_of_the_service_has_its_documented_exit_status) {
  const std::vector<std::pair<std::string, int>> documented{{"pin_incorrect", 5},    {"pin_blocked", 5},
                                                            {"pin_length", 5},       {"pin_required", 5},
                                                            {"pin_last_try", 5},     {"user_cancelled", 4},
                                                            {"user_denied", 4},      {"origin_denied", 4},
                                                            {"no_card", 3},          {"card_removed", 3},
                                                            {"several_cards", 3},    {"no_reader", 3},
                                                            {"unsupported_card", 3}, {"service_unavailable", 6},
                                                            {"no_pcsc", 6},          {"prompt_unavailable", 6},
                                                            {"site_unreachable", 6}, {"site_failed", 1},
                                                            {"bad_request", 2},      {"card_busy", 1},
                                                            {"card_error", 1},       {"card_refused", 1},
                                                            {"profile_missing", 1},  {"signature_mismatch", 1},
                                                            {"timeout", 1},          {"internal", 1}};
  BOOST_TEST(documented.size() == static_cast<std::size_t>(Errc::Internal) + 1);
  for (const auto& [name, status] : documented)
    BOOST_TEST(static_cast<int>(cli::exit_code_of(errc_of(name))) == status, name);
}

BOOST_AUTO_TEST_CASE(an_error_says_what_happened_and_what_to_do) {
  FakeService service;
  service.fail("certificates", Error(Errc::SeveralCards, "two readers hold a fitting card"));
  const auto english = service.run({"certs"});
  BOOST_TEST(english.exit_code == 3);
  BOOST_TEST(english.out.empty());
  BOOST_TEST(english.err.find("(two readers hold a fitting card)") != std::string::npos);
  BOOST_TEST(english.err.find("--reader NAME") != std::string::npos);
  BOOST_TEST(service.run({"certs"}, {{"LANG", "zh_TW.UTF-8"}}).err.find("請用 --reader") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_in_json_has_code_text_and_tries_left) {
  FakeService service;
  service.fail("nhi.read", Error(Errc::PinIncorrect, "", 2));
  const auto outcome = service.run({"read", "--json"});
  BOOST_TEST(outcome.exit_code == 5);
  BOOST_TEST(outcome.err.empty());
  const auto error = json_of(outcome.out).at("error").as_object();
  BOOST_TEST(error.at("code").as_string() == "pin_incorrect");
  BOOST_TEST(error.at("tries_left").as_int64() == 2);
  BOOST_TEST(!error.at("message").at("zh-TW").as_string().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_request_names_what_was_wrong_with_it) {
  FakeService service;
  service.fail("certificates", Error(Errc::BadRequest, "reader: 255 octets at most"));
  const auto outcome = service.run({"certs"});
  BOOST_TEST(outcome.exit_code == 2);
  BOOST_TEST(outcome.err == "twcard: the service rejected the request: reader: 255 octets at most\n"
                            "`twcard COMMAND --help` shows the usage.\n");
}

BOOST_AUTO_TEST_CASE(text_of_an_error_cannot_command_the_terminal) {
  FakeService service;
  service.fail("certificates", Error(Errc::BadCardData, "label \x1b]0;x\x07"));
  BOOST_TEST(service.run({"certs"}).err.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
