#include "driver/base/error.hpp"
#include "rpc/vocabulary/nhi_field.hpp"
#include "rpc/vocabulary/operation.hpp"
#include "rpc/vocabulary/prompt_forms.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

namespace twcard::rpc {

namespace {

boost::json::object object(const std::string& text) {
  return boost::json::parse(text).as_object();
}

} // namespace

BOOST_AUTO_TEST_SUITE(vocabulary)

BOOST_AUTO_TEST_CASE(operations_have_the_names_of_the_protocol) {
  BOOST_TEST(name_of(Operation::NhiRead) == "nhi.read");
  BOOST_TEST(name_of(Operation::NhiAuthenticate) == "nhi.authenticate");
  BOOST_TEST(name_of(Operation::Certificates) == "certificates");
  BOOST_TEST(name_of(Operation::Authenticate) == "authenticate");
  BOOST_TEST(name_of(Operation::Sign) == "sign");
  BOOST_TEST(name_of(Operation::Login) == "login");
  BOOST_TEST(name_of(Operation::LegacyNhiRead) == "legacy.nhi_read");
  BOOST_TEST(name_of(Operation::LegacyNhiSign) == "legacy.nhi_sign");
  BOOST_TEST(name_of(Operation::LegacyTokens) == "legacy.tokens");
  BOOST_TEST(name_of(Operation::LegacySign) == "legacy.sign");
  BOOST_TEST(name_of(Operation::LegacyDecrypt) == "legacy.decrypt");
}

BOOST_AUTO_TEST_CASE(only_names_of_the_protocol_are_operations) {
  for (int i = 0; i <= static_cast<int>(Operation::LegacyDecrypt); ++i) {
    const auto operation = static_cast<Operation>(i);
    BOOST_TEST((operation_named(name_of(operation)) == operation));
    BOOST_TEST(is_legacy(operation) == name_of(operation).starts_with("legacy."));
  }
  for (const char* other : {"", "nhi.write", "Sign", "sign ", "legacy"})
    BOOST_TEST(!operation_named(other).has_value());
}

BOOST_AUTO_TEST_CASE(fields_have_the_names_of_the_protocol_in_their_order) {
  std::string names;
  for (const auto field : nhi_fields) {
    names += std::string(name_of(field)) + " ";
    BOOST_TEST((nhi_field_named(name_of(field)) == field));
  }
  BOOST_TEST(names == "card_number name id_number birth_date sex issue_date termination ");
  BOOST_TEST(!nhi_field_named("blood_type").has_value());
  BOOST_TEST(!nhi_field_named("").has_value());
}

BOOST_AUTO_TEST_CASE(every_field_can_be_told_from_the_others_in_both_languages) {
  for (const auto language : {Language::English, Language::TraditionalChinese}) {
    std::set<std::string_view> labels;
    std::set<std::string_view> descriptions;
    for (const auto field : nhi_fields) {
      labels.insert(label_of(field).in(language));
      descriptions.insert(description_of(field).in(language));
    }
    BOOST_TEST(labels.size() == nhi_fields.size());
    BOOST_TEST(descriptions.size() == nhi_fields.size());
  }
}

BOOST_AUTO_TEST_CASE(a_site_is_known_by_its_origin_and_a_program_by_path_and_process) {
  const auto site = object(R"({"origin":"https://page.test"})");
  BOOST_TEST(form_of(caller_in({{"caller", site}})) == site);
  const auto program = object(R"({"program":"/usr/bin/ssh","pid":4711})");
  BOOST_TEST(form_of(caller_in({{"caller", program}})) == program);
  BOOST_TEST(!caller_in({{"caller", program}}).origin.has_value());
}

BOOST_AUTO_TEST_CASE(an_origin_counts_only_in_its_canonical_form) {
  for (const char* good : {"https://page.test", "https://page.test:8443", "http://localhost:3000", "https://[::1]"})
    BOOST_TEST(origin_in({{"origin", good}}).value() == good);
  BOOST_TEST(!origin_in({}).has_value());
  for (const char* bad : {"", "null", "page.test", "https://page.test:443", "https://Page.test", "https://page.test/",
                          "http://page.test", "https://a@page.test", "https://page.test\n"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(origin_in({{"origin", bad}})), Error, [](const Error& error) {
      return error.code() == Errc::BadRequest && std::string(error.what()).starts_with("origin: ");
    });
}

BOOST_AUTO_TEST_CASE(cards_and_surfaces_come_back_as_they_went) {
  const auto card = object(R"({"kind":"hicos","holder":"citizen","reader":"R","owner":"王小明"})");
  BOOST_TEST(form_of(card_place_in(card)) == card);
  const auto without_owner = object(R"({"kind":"nhi","holder":"","reader":"R"})");
  BOOST_TEST(form_of(card_place_in(without_owner)) == without_owner);
  const auto surface = object(R"({"language":"zh-TW","display":":0","wayland_display":"wayland-0","xauthority":"/x",
                                  "tty":"/dev/pts/3","term":"xterm"})");
  BOOST_TEST(form_of(surface_in({{"ui", surface}})) == surface);
  BOOST_TEST(form_of(surface_in({{"ui", object(R"({"tty":"","term":"xterm"})")}})) == object(R"({"term":"xterm"})"));
}

BOOST_AUTO_TEST_CASE(what_is_not_clearly_an_approval_is_a_refusal) {
  for (const auto consent : {Consent::Refused, Consent::Once, Consent::Always})
    BOOST_TEST((consent_in(form_of(consent)) == consent));
  for (const char* unclear : {"{}", R"({"approved":1})", R"({"approved":"true"})", R"({"remember":true})",
                              R"({"approved":false,"remember":true})", R"({"approved":null})"})
    BOOST_TEST((consent_in(object(unclear)) == Consent::Refused));
  BOOST_TEST((consent_in(object(R"({"approved":true,"remember":1})")) == Consent::Once));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
