// NHI cards made after reports from the field (tests/cases), and what a driver for Taiwan reads from them.
#include "driver/card/nhi/big5.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/field_case.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

namespace {

struct ReportedCard : testing::SimulatedReader {
  explicit ReportedCard(const std::string& name) : SimulatedReader(testing::field_case(name)) {}
  NhiRecord record() const {
    reader::Transaction transaction(*channel);
    return NhiCard().read(transaction);
  }
  NhiFields fields() const {
    reader::Transaction transaction(*channel);
    NhiCard::select(transaction);
    return NhiCard::fields(transaction);
  }
};

// Everything but the field that the report is about.
void check_the_rest(const NhiRecord& record, const std::string& about) {
  BOOST_TEST(record.card_number == "000079112422");
  BOOST_TEST(record.id_number == "A123456789");
  BOOST_TEST(record.sex == "M");
  BOOST_TEST(record.issue_date == "2021-07-01");
  if (about != "name") BOOST_TEST(record.name == "王小明");
  if (about != "birth_date") BOOST_TEST(record.birth_date == "1996-01-02");
}

} // namespace

BOOST_AUTO_TEST_SUITE(reported_nhi_cards)

BOOST_AUTO_TEST_CASE(the_dot_in_names_of_indigenous_people_is_the_hyphenation_point) {
  const ReportedCard card("nhi_name_dot_A145");
  const auto record = card.record();
  BOOST_TEST(record.name == "王\u2027平");
  BOOST_TEST(!record.name_uncertain);
  BOOST_TEST(record.warnings.empty());
  check_the_rest(record, "name");
  BOOST_TEST(decode_big5(card.fields().name).text == "王\u2027平");
}

BOOST_AUTO_TEST_CASE(user_defined_characters_are_uncertain) {
  for (const char* name : {"nhi_name_user_defined_8E40", "nhi_name_user_defined_9D79"}) BOOST_TEST_CONTEXT(name) {
      const auto record = ReportedCard(name).record();
      BOOST_TEST(record.name == "王\uFFFD");
      BOOST_TEST(record.name_uncertain);
      BOOST_REQUIRE(record.warnings.size() == 1U);
      BOOST_TEST(record.warnings.front().starts_with("name: "));
      check_the_rest(record, "name");
    }
}

BOOST_AUTO_TEST_CASE(a_birth_date_without_a_day_or_blank_costs_that_field_only) {
  const std::pair<const char*, const char*> cases[] = {{"nhi_birth_day_00", "0450500"}, {"nhi_birth_blank", "       "}};
  for (const auto& [name, on_the_card] : cases) BOOST_TEST_CONTEXT(name) {
      const ReportedCard card(name);
      const auto record = card.record();
      BOOST_TEST(record.birth_date.empty());
      BOOST_REQUIRE(record.warnings.size() == 1U);
      BOOST_TEST(record.warnings.front().starts_with("birth_date: "));
      check_the_rest(record, "birth_date");
      BOOST_TEST(card.fields().birth_date == on_the_card);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
