#include "portal/nhi/form.hpp"

#include "tests/portal/verification/refusal_check.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>

namespace twcard::portal::test {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// 2026-03-01 12:00 UTC
constexpr Time now{std::chrono::sys_days(2026y / 3 / 1) + 12h};

json::object good_form() {
  return {{"cardNumber", "000012345678"}, {"name", "王小明"}, {"idNumber", "A123456789"},
          {"birthDate", "1996-02-29"},    {"sex", "F"},       {"issueDate", "2020-12-31"}};
}

void check_field_refused(const char* field, const json::value& value) {
  auto form = good_form();
  form[field] = value;
  try {
    (void)parse_nhi_form(form, now);
    BOOST_ERROR(std::string(field) + " accepted");
  } catch (const Refusal& refusal) {
    BOOST_TEST(name_of(refusal.reason()) == "field_invalid");
    BOOST_TEST(refusal.what() == std::string(field));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhi_form)

BOOST_AUTO_TEST_CASE(a_good_form_is_taken_as_it_is) {
  const auto form = parse_nhi_form(good_form(), now);
  BOOST_TEST(form.card_number == "000012345678");
  BOOST_TEST(form.name == "王小明");
  BOOST_TEST(form.id_number == "A123456789");
  BOOST_TEST(form.birth_date == "1996-02-29");
  BOOST_TEST(form.sex == "F");
  BOOST_TEST(form.issue_date == "2020-12-31");
}

BOOST_AUTO_TEST_CASE(each_field_is_refused_by_its_own_name) {
  for (const auto* value : {"", "00001234567", "0000123456789", "00001234567A", "００００１２３４５６７８"}) {
    check_field_refused("cardNumber", value);
  }
  for (const auto* value : {"", "A123456788", "a123456789"}) check_field_refused("idNumber", value);
  for (const auto* value : {"", "X", "MF", "女"}) check_field_refused("sex", value);
  for (const auto* value : {"", "1995-02-29", "1996-13-01", "1996-00-10", "1996-01-32", "1899-12-31", "19960102",
                            "1996/01/02", "1996-1-2", "2026-03-03", "0850102"}) {
    check_field_refused("birthDate", value);
    check_field_refused("issueDate", value);
  }
}

BOOST_AUTO_TEST_CASE(names_are_counted_in_characters) {
  const auto repeated = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "王";
    return text;
  };
  auto form = good_form();
  form["name"] = repeated(50);
  BOOST_CHECK_NO_THROW((void)parse_nhi_form(form, now));
  check_field_refused("name", json::string(repeated(51)));
  for (const auto* value : {"", "   ", "王\n明", "王\x7f明"}) check_field_refused("name", value);
}

BOOST_AUTO_TEST_CASE(members_that_are_missing_or_no_text_are_refused) {
  for (const auto* field : {"cardNumber", "name", "idNumber", "birthDate", "sex", "issueDate"}) {
    for (const auto* value : {"null", "1", "[]", "{}"}) check_field_refused(field, json::parse(value));
    auto form = good_form();
    form.erase(field);
    check_refused(Reason::FieldInvalid, [&] { (void)parse_nhi_form(form, now); });
  }
  check_refused(Reason::BadRequest, [&] { (void)parse_nhi_form(json::parse("[]"), now); });
}

BOOST_AUTO_TEST_CASE(forms_get_reference_numbers_of_their_own) {
  Database database(":memory:");
  const auto form = parse_nhi_form(good_form(), now);
  std::set<std::string> references;
  for (int i = 0; i < 20; ++i) references.insert(store_nhi_form(database, form, "0000111122223333", now));
  BOOST_TEST(references.size() == 20U);
  auto stored = database.prepare("SELECT count(*), min(name), min(holder_serial) FROM nhi_form");
  BOOST_REQUIRE(stored.next());
  BOOST_TEST(stored.number(0) == 20);
  BOOST_TEST(stored.text(1) == "王小明");
  BOOST_TEST(stored.text(2) == "0000111122223333");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
