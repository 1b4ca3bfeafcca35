// nhi.read: only what was asked for, only after consent.
#include "tests/daemon/card/service_fixture.hpp"
#include "tests/support/field_case.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = health_card();
  Fixture() {
    insert(reader_a, card);
    card->reset_counters();
  }
  json::object read(json::array fields, const char* origin = site) const {
    return call("nhi.read", {{"origin", origin}, {"fields", std::move(fields)}}).result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(nhi, Fixture)

BOOST_AUTO_TEST_CASE(only_the_fields_that_were_asked_for_leave) {
  const auto result = read({"name", "birth_date"});
  const json::object expected{{"name", "測試四"}, {"birth_date", "1996-01-02"}};
  BOOST_TEST((result.at("fields").as_object() == expected));
  BOOST_TEST(result.at("reader").as_string() == reader_a);
  BOOST_TEST(!result.at("name_uncertain").as_bool());
  BOOST_TEST(result.at("warnings").as_array().empty());
}

BOOST_AUTO_TEST_CASE(all_seven_fields_can_be_asked_for) {
  const auto result = read({"card_number", "name", "id_number", "birth_date", "sex", "issue_date", "termination"})
                          .at("fields")
                          .as_object();
  BOOST_TEST(result.size() == 7U);
  BOOST_TEST(result.at("id_number").as_string() == "A123456789");
  BOOST_TEST(result.at("card_number").as_string().size() == 12U);
}

BOOST_AUTO_TEST_CASE(a_warning_about_another_field_says_nothing) {
  remove(reader_a);
  insert(reader_a, health_card("A123456780")); // the checksum does not fit
  BOOST_TEST(read({"name"}).at("warnings").as_array().empty());
  const auto warnings = read({"id_number"}).at("warnings").as_array();
  BOOST_REQUIRE_EQUAL(warnings.size(), 1U);
  BOOST_TEST(warnings[0].as_string().starts_with("id_number:"));
}

BOOST_AUTO_TEST_CASE(a_bad_date_costs_its_field_only) {
  for (const char* name : {"nhi_birth_day_00", "nhi_birth_blank"}) {
    BOOST_TEST_CONTEXT(name) {
      remove(reader_a);
      insert(reader_a, simulator::card_from_json(twcard::testing::field_case(name)));
      const auto number = read({"card_number", "issue_date"});
      const json::object expected{{"card_number", "000079112422"}, {"issue_date", "2021-07-01"}};
      BOOST_TEST((number.at("fields").as_object() == expected));
      BOOST_TEST(number.at("warnings").as_array().empty());
      const auto birth = read({"birth_date"});
      BOOST_TEST(birth.at("fields").at("birth_date").as_string() == "");
      BOOST_REQUIRE(birth.at("warnings").as_array().size() == 1U);
      BOOST_TEST(birth.at("warnings").at(0).as_string().starts_with("birth_date: "));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_consent_shows_origin_and_fields) {
  static_cast<void>(read({"name", "sex"}));
  const auto asked = prompt->questions();
  BOOST_REQUIRE_EQUAL(asked.size(), 1U);
  BOOST_TEST(asked[0].params.at("operation").as_string() == "nhi.read");
  BOOST_TEST(asked[0].params.at("caller").at("origin").as_string() == site);
  BOOST_TEST((asked[0].params.at("fields").as_array() == json::array{"name", "sex"}));
}

BOOST_AUTO_TEST_CASE(a_program_is_asked_about_like_a_site) {
  static_cast<void>(call("nhi.read", {{"fields", {"name"}}}));
  BOOST_TEST(prompt->questions().at(0).params.at("caller").as_object().contains("program"));
}

BOOST_AUTO_TEST_CASE(refused_consent_reads_nothing) {
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(read({"name"}), Errc::ConsentDenied);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(the_record_is_read_again_each_time) {
  static_cast<void>(read({"name"}));
  const auto once = card->counters().apdus;
  BOOST_TEST(once > 0U);
  static_cast<void>(read({"name"}));
  BOOST_TEST(card->counters().apdus == 2 * once);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_in_the_middle_is_card_removed) {
  readers.simulator().play(reader_a, simulator::removal_after(1));
  CHECK_ERROR(read({"name"}), Errc::CardRemoved);
}

BOOST_AUTO_TEST_CASE(an_nhi_card_can_not_sign) {
  CHECK_ERROR(call("authenticate", {{"origin", site}, {"nonce", nonce}}), Errc::NoCard);
  CHECK_ERROR(call("certificates"), Errc::NoCard);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
