#include "rpc/legacy/settings.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

namespace {

// What is wrong with the text; empty when nothing is.
std::string fault_of(const std::string& text) {
  try {
    static_cast<void>(parse_legacy_settings(text));
    return {};
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::BadRequest));
    return error.what();
  }
}

constexpr const char* both = R"({"nhiicc": {"origins": ["https://a.example", "https://b.example:8443"]},
  "hipki": {"origins": ["https://c.example", "https://d.example"], "page_pins": ["https://d.example"]}})";

} // namespace

BOOST_AUTO_TEST_SUITE(legacy_settings)

BOOST_AUTO_TEST_CASE(the_dialects_that_are_named_are_on_for_the_sites_that_are_named) {
  const auto settings = parse_legacy_settings(both);
  BOOST_TEST((settings.nhiicc->origins == std::vector<std::string>{"https://a.example", "https://b.example:8443"}));
  BOOST_TEST((settings.hipki->origins == std::vector<std::string>{"https://c.example", "https://d.example"}));
  BOOST_TEST((settings.hipki->page_pins == std::vector<std::string>{"https://d.example"}));
  const auto one = parse_legacy_settings(R"({"hipki": {"origins": ["https://c.example"]}})");
  BOOST_TEST(!one.nhiicc);
  BOOST_TEST(one.hipki->page_pins.empty());
  BOOST_TEST(!parse_legacy_settings("{}").nhiicc);
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_named_with_what_is_wrong) {
  for (const auto& [text, fault] : std::vector<std::pair<std::string, std::string>>{
           {"", "not an object in JSON"},
           {"[]", "not an object in JSON"},
           {R"({"nhiicc": )", "not an object in JSON"},
           {R"({"NHIICC": {}})", "NHIICC: unknown member"},
           {R"({"nhiicc": []})", "nhiicc: nhiicc: an object is required"},
           {R"({"nhiicc": {}})", "nhiicc: origins: missing"},
           {R"({"nhiicc": {"origins": []}})", "nhiicc: origins: empty"},
           {R"({"nhiicc": {"origins": "https://a.example"}})", "nhiicc: origins: an array is required"},
           {R"({"nhiicc": {"origins": [1]}})", "nhiicc: origins: text is required"},
           {R"({"nhiicc": {"origins": ["*"]}})", "nhiicc: origins: \"*\" is not an origin like https://page.example"},
           {R"({"nhiicc": {"origins": ["https://a.example"], "page_pins": ["https://a.example"]}})",
            "nhiicc: page_pins: unknown member"},
           {R"({"hipki": {"origins": ["https://a.example"], "page_pins": ["https://b.example"]}})",
            "hipki: page_pins: https://b.example is not one of the origins"},
           {R"({"hipki": {"origins": ["https://a.example"], "pins": true}})", "hipki: pins: unknown member"}})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(fault_of(text) == fault);
}

BOOST_AUTO_TEST_CASE(only_https_origins_as_a_browser_writes_them_are_taken) {
  for (const char* origin : {"http://a.example", "https://a.example/", "https://A.example", "https://a.example:443",
                             "https://*.example", "null", "https://user@a.example", "a.example", ""})
    BOOST_TEST_CONTEXT(origin)
  BOOST_TEST(
      fault_of(R"({"nhiicc": {"origins": [")" + std::string(origin) + R"("]}})").starts_with("nhiicc: origins: "));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  const auto settings = parse_legacy_settings(both);
  const auto text = text_of(settings);
  BOOST_TEST(text == "{\"nhiicc\":{\"origins\":[\"https://a.example\",\"https://b.example:8443\"]},"
                     "\"hipki\":{\"origins\":[\"https://c.example\",\"https://d.example\"],"
                     "\"page_pins\":[\"https://d.example\"]}}\n");
  BOOST_TEST(text_of(parse_legacy_settings(text)) == text);
  BOOST_TEST(text_of({}) == "{}\n");
}

BOOST_AUTO_TEST_CASE(every_interface_has_a_name_and_ports_of_its_own) {
  std::vector<std::uint16_t> ports;
  for (const auto dialect : legacy_dialects) {
    BOOST_TEST((legacy_dialect_named(name_of(dialect)) == dialect));
    ports.insert(ports.end(), ports_of(dialect).begin(), ports_of(dialect).end());
  }
  BOOST_TEST(ports == (std::vector<std::uint16_t>{7777, 59001, 59002, 61161}), boost::test_tools::per_element());
  BOOST_TEST(!legacy_dialect_named("NHIICC").has_value());
  BOOST_TEST(hipki_own_origin == "http://localhost:" + std::to_string(hipki_port));
  BOOST_TEST(nhiicc_http_origin == "http://localhost:" + std::to_string(nhiicc_http_port));
  BOOST_TEST(nhiicc_https_origin == "https://localhost:" + std::to_string(nhiicc_https_port));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
