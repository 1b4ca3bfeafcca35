#include "tests/cli/fake_service.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

// An invented person.
const std::string whole_record = R"({"reader": "Test Reader 00", "name_uncertain": false, "warnings": [], "fields": {
  "card_number": "000012345678", "name": "測試乙", "id_number": "A123456789", "birth_date": "1996-01-02", "sex": "F",
  "issue_date": "2020-03-04", "termination": ""}})";

} // namespace

BOOST_AUTO_TEST_SUITE(read_command)

BOOST_AUTO_TEST_CASE(the_record_is_printed_with_aligned_labels) {
  FakeService service;
  service.on("nhi.read", whole_record);
  const auto outcome = service.run({"read"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out == "Card number       000012345678\n"
                            "Name              測試乙\n"
                            "ID number         A123456789\n"
                            "Date of birth     1996-01-02\n"
                            "Sex               female\n"
                            "Date of issue     2020-03-04\n"
                            "Cancellation mark none\n");
  BOOST_TEST(outcome.err == "Please answer the question on the screen.\n");
}

BOOST_AUTO_TEST_CASE(labels_are_chinese_in_a_chinese_locale) {
  FakeService service;
  service.on("nhi.read", whole_record);
  BOOST_TEST(service.run({"read"}, {{"LC_ALL", "zh_TW.UTF-8"}}).out == "健保卡卡號        000012345678\n"
                                                                       "姓名              測試乙\n"
                                                                       "身分證字號        A123456789\n"
                                                                       "出生日期          1996-01-02\n"
                                                                       "性別              女\n"
                                                                       "發卡日期          2020-03-04\n"
                                                                       "註銷註記          無\n");
}

BOOST_AUTO_TEST_CASE(without_a_choice_all_seven_fields_are_asked_for) {
  FakeService service;
  service.on("nhi.read", whole_record);
  BOOST_TEST(service.run({"read"}).exit_code == 0);
  const auto params = service.request("nhi.read").params;
  BOOST_TEST((params.at("fields") == boost::json::parse(R"(["card_number", "name", "id_number", "birth_date", "sex",
                                                             "issue_date", "termination"])")));
  BOOST_TEST(!params.contains("reader"));
  BOOST_TEST(!params.contains("origin"));
}

BOOST_AUTO_TEST_CASE(only_the_chosen_fields_are_asked_for_and_shown) {
  FakeService service;
  service.on("nhi.read", R"({"reader": "R", "name_uncertain": true, "warnings": ["name: was cut"],
                              "fields": {"name": "測", "sex": "M"}})");
  const auto outcome = service.run({"read", "--fields", "name,sex", "--reader", "Test Reader 01"});
  BOOST_TEST(outcome.out == "Name              測\nSex               male\n");
  BOOST_TEST(outcome.err.find("without a certain Unicode form") != std::string::npos);
  BOOST_TEST(outcome.err.find("name: was cut") != std::string::npos);
  const auto params = service.request("nhi.read").params;
  BOOST_TEST((params.at("fields") == boost::json::array{"name", "sex"}));
  BOOST_TEST(params.at("reader").as_string() == "Test Reader 01");
}

BOOST_AUTO_TEST_CASE(a_field_that_does_not_exist_is_refused_before_the_service_is_called) {
  FakeService service;
  for (const std::string fields : {"name,phone", "", "name,", ",name"}) {
    const auto outcome = service.run({"read", "--fields", fields});
    BOOST_TEST(outcome.exit_code == 2);
    BOOST_TEST(outcome.err.find("the NHI card has no field") != std::string::npos);
  }
  BOOST_TEST(service.requests().empty());
}

BOOST_AUTO_TEST_CASE(text_of_the_card_cannot_command_the_terminal) {
  FakeService service;
  service.on("nhi.read", R"({"reader": "R", "name_uncertain": false, "warnings": [],
                              "fields": {"name": "\u001b[2J\u202e測"}})");
  BOOST_TEST(service.run({"read", "--fields", "name"}).out == "Name              \\u{1B}[2J\\u{202E}測\n");
  const auto json = service.run({"read", "--json"}).out;
  BOOST_TEST(json.find("\\u001b[2J\\u202e測") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_record_in_json_is_the_answer_of_the_service) {
  FakeService service;
  service.on("nhi.read", whole_record);
  const auto outcome = service.run({"read", "--json"});
  BOOST_TEST(outcome.err.empty());
  BOOST_TEST((json_of(outcome.out) == json_of(whole_record)));
}

BOOST_AUTO_TEST_CASE(a_refusal_exits_with_4) {
  FakeService service;
  service.fail("nhi.read", Error(Errc::ConsentDenied, ""));
  BOOST_TEST(service.run({"read"}).exit_code == 4);
  service.fail("nhi.read", Error(Errc::Cancelled, ""));
  BOOST_TEST(service.run({"read"}).exit_code == 4);
}

BOOST_AUTO_TEST_SUITE_END()
