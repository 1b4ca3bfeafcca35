#include "tests/cli/fake_service.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

const std::string two_grants = R"({"grants": [
  {"site": "https://clinic.test", "operation": "nhi.read", "fields": ["name", "birth_date"],
   "reader": "Test Reader 00", "given": "2026-03-01", "used": "2026-11-22"},
  {"site": "https://tax.test:8443", "operation": "certificates", "reader": null, "given": "2026-10-05",
   "used": "2026-10-06"}]})";

const std::string hostile = R"({"grants": [{"site": "https://a.test\u001b[31m", "operation": "new\u001b[1m",
  "fields": ["iris\u202e"], "reader": "R\u001b[2J", "given": "2026-03-01", "used": "2026-03-01"}]})";

} // namespace

BOOST_AUTO_TEST_SUITE(grants_command)

BOOST_AUTO_TEST_CASE(each_site_is_listed_with_what_it_may_read_and_since_when) {
  FakeService service;
  service.on("grants.list", two_grants);
  const auto outcome = service.run({"grants"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out == "https://clinic.test\n"
                            "  may        read the NHI card: name, date of birth\n"
                            "  card       in Test Reader 00\n"
                            "  since      2026-03-01\n"
                            "  last used  2026-11-22\n"
                            "https://tax.test:8443\n"
                            "  may        read the certificates on the card\n"
                            "  card       not in a reader now\n"
                            "  since      2026-10-05\n"
                            "  last used  2026-10-06\n");
  BOOST_TEST(outcome.err == "To revoke a consent: twcard grants revoke ORIGIN\n");
  BOOST_TEST(service.request("grants.list").params.empty());
}

BOOST_AUTO_TEST_CASE(the_list_is_chinese_in_a_chinese_locale) {
  FakeService service;
  service.on("grants.list", two_grants);
  const auto out = service.run({"grants"}, {{"LC_ALL", "zh_TW.UTF-8"}}).out;
  BOOST_TEST(out.find("允許       讀取健保卡：姓名、出生日期\n") != std::string::npos);
  BOOST_TEST(out.find("卡片       在讀卡機 Test Reader 00\n") != std::string::npos);
  BOOST_TEST(out.find("最近使用   2026-11-22\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_any_it_says_that_nobody_reads_unasked) {
  FakeService service;
  service.on("grants.list", R"({"grants": []})");
  const auto english = service.run({"grants"});
  BOOST_TEST(english.exit_code == 0);
  BOOST_TEST(english.out.empty());
  BOOST_TEST(english.err == "No site may read a card without asking you.\n");
  BOOST_TEST(service.run({"grants"}, {{"LC_ALL", "zh_TW.UTF-8"}}).err == "沒有任何網站可以不經詢問讀取卡片。\n");
}

BOOST_AUTO_TEST_CASE(with_json_the_services_answer_is_printed) {
  FakeService service;
  service.on("grants.list", two_grants);
  const auto outcome = service.run({"grants", "--json"});
  BOOST_TEST(json_of(outcome.out).at("grants").as_array().size() == 2U);
  BOOST_TEST(outcome.err.empty());
}

BOOST_AUTO_TEST_CASE(nothing_of_a_grant_reaches_the_terminal_unescaped) {
  FakeService service;
  service.on("grants.list", hostile);
  const auto out = service.run({"grants"}).out;
  BOOST_TEST(out.find('\x1b') == std::string::npos);
  BOOST_TEST(out.find("\u202e") == std::string::npos);
  BOOST_TEST(out.find("https://a.test\\u{1B}[31m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_site_is_revoked_by_its_origin) {
  FakeService service;
  service.on("grants.revoke", R"({"revoked": 2})");
  const auto outcome = service.run({"grants", "revoke", "HTTPS://Clinic.test:443"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.err == "Revoked: 2. You will be asked again.\n");
  const boost::json::object expected{{"site", "https://clinic.test"}};
  BOOST_TEST((service.request("grants.revoke").params == expected));
}

BOOST_AUTO_TEST_CASE(all_are_revoked_only_when_that_is_said) {
  FakeService service;
  service.on("grants.revoke", R"({"revoked": 0})");
  BOOST_TEST(service.run({"grants", "revoke", "--all"}).err ==
             "No consent was remembered. Consents given to open pages have ended.\n");
  const boost::json::object expected{{"all", true}};
  BOOST_TEST((service.request("grants.revoke").params == expected));
  BOOST_TEST(json_of(service.run({"grants", "revoke", "--all", "--json"}).out).at("revoked").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(what_names_no_site_is_wrong_usage_and_revokes_nothing) {
  FakeService service;
  BOOST_TEST(service.run({"grants", "revoke"}).exit_code == 2);
  BOOST_TEST(service.run({"grants", "revoke", "https://clinic.test", "--all"}).exit_code == 2);
  BOOST_TEST(service.run({"grants", "revoke", "clinic.test"}).exit_code == 2);
  BOOST_TEST(service.run({"grants", "revoke", "https://clinic.test/page"}).exit_code == 2);
  BOOST_TEST(service.run({"grants", "revoke", "https://a.test", "https://b.test"}).exit_code == 2);
  BOOST_TEST(service.run({"grants", "all"}).exit_code == 2);
  BOOST_TEST(service.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
