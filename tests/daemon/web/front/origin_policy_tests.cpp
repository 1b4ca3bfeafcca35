#include "daemon/web/front/origin_policy.hpp"

#include "driver/base/error.hpp"
#include "tests/daemon/web/front/bad_origins.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::web {

BOOST_AUTO_TEST_SUITE(origin_policy)

BOOST_AUTO_TEST_CASE(an_origin_is_given_back_in_its_canonical_form) {
  const std::vector<std::pair<std::string, std::string>> good = {
      {"https://page.test", "https://page.test"},
      {"https://page.test:8443", "https://page.test:8443"},
      {"https://page.test:443", "https://page.test"},
      {"https://page.test:80", "https://page.test:80"},
      {"https://page.test:65535", "https://page.test:65535"},
      {"HTTPS://Page.TEST:443", "https://page.test"},
      {"https://xn--fiqs8s.test", "https://xn--fiqs8s.test"},
      {"https://a", "https://a"},
      {"https://localhost:8443", "https://localhost:8443"},
      {"https://foo_bar.page.test", "https://foo_bar.page.test"},
      {"https://1page.test", "https://1page.test"},
      {"https://127.0.0.1:8443", "https://127.0.0.1:8443"},
      {"https://[::1]", "https://[::1]"},
      {"https://[::1]:443", "https://[::1]"},
      {"https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"},
      {"https://" + std::string(63, 'a') + ".test", "https://" + std::string(63, 'a') + ".test"},
  };
  for (const auto& [text, canonical] : good)
    BOOST_TEST_CONTEXT(text) BOOST_TEST(parse_origin(text, false).value_or("refused") == canonical);
}

BOOST_AUTO_TEST_CASE(anything_but_an_https_origin_is_refused) {
  const auto bad = bad_origins();
  BOOST_TEST(bad.size() >= 100U);
  for (const auto& text : bad)
    BOOST_TEST_CONTEXT(text) BOOST_TEST(parse_origin(text, false).value_or("refused") == "refused");
}

BOOST_AUTO_TEST_CASE(a_nul_octet_ends_nothing) {
  BOOST_TEST(!parse_origin(std::string_view("https://page.test\0.evil.test", 28), false).has_value());
}

BOOST_AUTO_TEST_CASE(a_developer_may_use_http_on_localhost_and_nothing_more) {
  BOOST_TEST(parse_origin("http://localhost", true).value() == "http://localhost");
  BOOST_TEST(parse_origin("http://localhost:8080", true).value() == "http://localhost:8080");
  BOOST_TEST(parse_origin("http://localhost:80", true).value() == "http://localhost");
  BOOST_TEST(parse_origin("https://page.test", true).value() == "https://page.test");
  for (const auto& text : bad_origins())
    if (text != "http://localhost" && text != "http://localhost:8080")
      BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_origin(text, true).has_value());
}

BOOST_AUTO_TEST_CASE(our_host_has_one_of_three_names_and_our_port) {
  const HostNames names;
  for (const char* host : {"127.0.0.1:25120", "[::1]:25120", "localhost:25120", "LocalHost:25120"})
    BOOST_TEST_CONTEXT(host) BOOST_TEST(names.include(host, 25120));
  for (const auto& host : bad_hosts(25120)) BOOST_TEST_CONTEXT(host) BOOST_TEST(!names.include(host, 25120));
}

BOOST_AUTO_TEST_CASE(a_configured_name_is_ours_whatever_its_case_and_others_stay_out) {
  HostNames names;
  names.add("Cards.Home.Test");
  BOOST_TEST(names.include("cards.home.test:25120", 25120));
  BOOST_TEST(names.include("CARDS.home.test:25120", 25120));
  BOOST_TEST(names.include("127.0.0.1:25120", 25120));
  BOOST_TEST(!names.include("cards.home.test", 25120));
  BOOST_TEST(!names.include("cards.home.test:25121", 25120));
  BOOST_TEST(!names.include("evil.cards.home.test:25120", 25120));
  for (const auto& host : bad_hosts(25120)) BOOST_TEST_CONTEXT(host) BOOST_TEST(!names.include(host, 25120));
}

BOOST_AUTO_TEST_CASE(a_configured_name_is_a_name_without_port_or_path) {
  HostNames names;
  for (const char* name :
       {"", "cards.test:25120", "https://cards.test", "cards.test/", "*", "*.test", "a b", ".", "-a"})
    BOOST_TEST_CONTEXT(name) BOOST_CHECK_THROW(names.add(name), Error);
}

BOOST_AUTO_TEST_CASE(a_denied_site_is_refused_however_it_was_written) {
  OriginPolicy policy;
  policy.deny("HTTPS://Bad.test:443");
  BOOST_TEST(policy.refuses("https://bad.test"));
  BOOST_TEST(!policy.refuses("https://bad.test:8443"));
  BOOST_TEST(!policy.refuses("https://good.test"));
  BOOST_CHECK_THROW(policy.deny("bad.test"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
