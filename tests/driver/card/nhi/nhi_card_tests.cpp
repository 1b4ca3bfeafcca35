#include "driver/card/nhi/nhi_card.hpp"

#include "driver/card/card_registry.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::ScriptedChannel;

namespace {

constexpr const char* select = "00A4040010D1580000010000000000000000001100";
constexpr const char* read_basic = "00CA110002000000";
constexpr const char* read_card_data = "00CA240002000000";
constexpr const char* read_number = "00CA000002000000";
// "000012345678", "王小明", "A123456789", "0850102", "F", "1100701"
constexpr const char* basic = "303030303132333435363738 A4FDA470A9FA0000000000000000000000000000 41313233343536373839 "
                              "30383530313032 46 31313030373031 9000";

NhiRecord read(ScriptedChannel& card) {
  reader::Transaction transaction(card);
  return NhiCard().read(transaction);
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhi_card)

BOOST_AUTO_TEST_CASE(a_card_is_read_with_three_commands) {
  ScriptedChannel card;
  card.expect(select, "9000").expect(read_basic, basic).expect(read_card_data, "31 9000");
  const auto record = read(card);
  BOOST_TEST(record.name == "王小明");
  BOOST_TEST(record.termination == "1");
  BOOST_TEST(record.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_card_that_announces_its_answers_can_be_read) {
  ScriptedChannel card;
  card.expect(select, "9000").expect(read_basic, "6139").expect("00C0000039", basic);
  card.expect(read_card_data, "6101").expect("00C0000001", "20 9000");
  BOOST_TEST(read(card).card_number == "000012345678");
}

BOOST_AUTO_TEST_CASE(a_card_without_card_data_is_read_with_a_warning) {
  for (const auto* answer : {"6A88", "9000"}) {
    ScriptedChannel card;
    card.expect(select, "9000").expect(read_basic, basic).expect(read_card_data, answer);
    const auto record = read(card);
    BOOST_TEST(record.termination.empty());
    BOOST_TEST(record.warnings.size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(refusals_and_short_records_are_errors) {
  ScriptedChannel no_applet;
  no_applet.expect(select, "6A82");
  BOOST_CHECK_EXCEPTION(static_cast<void>(read(no_applet)), Error, has_code(Errc::CardRefused));
  ScriptedChannel no_record;
  no_record.expect(select, "9000").expect(read_basic, "6982");
  BOOST_CHECK_EXCEPTION(static_cast<void>(read(no_record)), Error, has_code(Errc::CardRefused));
  ScriptedChannel short_record;
  short_record.expect(select, "9000").expect(read_basic, "30 9000");
  BOOST_CHECK_EXCEPTION(static_cast<void>(read(short_record)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(the_fields_are_given_as_they_stand_on_the_card) {
  ScriptedChannel card;
  card.expect(select, "9000").expect(read_basic, basic).expect(read_card_data, "31 9000");
  reader::Transaction transaction(card);
  NhiCard::select(transaction);
  const auto fields = NhiCard::fields(transaction);
  BOOST_TEST(fields.card_number == "000012345678");
  BOOST_TEST(to_hex(fields.name) == "A4FDA470A9FA");
  BOOST_TEST(fields.id_number == "A123456789");
  BOOST_TEST(fields.birth_date == "0850102");
  BOOST_TEST(fields.sex == "F");
  BOOST_TEST(NhiCard::termination(transaction) == "1");
}

BOOST_AUTO_TEST_CASE(the_termination_is_an_octet_as_it_stands_there) {
  const std::pair<const char*, const char*> known[] = {
      {"00 9000", ""}, {"9000", ""}, {"20 9000", " "}, {"3132 9000", "1"}, {"B5 9000", "\xEF\xBF\xBD"}};
  for (const auto& [answer, expected] : known) {
    ScriptedChannel card;
    card.expect(read_card_data, answer);
    reader::Transaction transaction(card);
    BOOST_TEST(NhiCard::termination(transaction) == expected);
  }
  ScriptedChannel refusing;
  refusing.expect(read_card_data, "6A88");
  reader::Transaction transaction(refusing);
  BOOST_CHECK_EXCEPTION(static_cast<void>(NhiCard::termination(transaction)), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_CASE(the_card_number_alone_takes_two_commands) {
  ScriptedChannel card;
  card.expect(select, "9000").expect(read_number, "303030303132333435363738 9000");
  reader::Transaction transaction(card);
  BOOST_TEST(NhiCard().card_number(transaction) == "000012345678");
}

BOOST_AUTO_TEST_CASE(an_invalid_card_number_is_an_error) {
  for (const auto* answer : {"3030303031323334353637 9000", "30303030313233343536373A 9000", "9000"}) {
    ScriptedChannel card;
    card.expect(select, "9000").expect(read_number, answer);
    reader::Transaction transaction(card);
    BOOST_CHECK_EXCEPTION(static_cast<void>(NhiCard().card_number(transaction)), Error, has_code(Errc::BadCardData));
  }
}

BOOST_AUTO_TEST_CASE(whatever_it_says_to_a_module_that_it_does_not_believe_is_a_refusal_at_its_step) {
  const Bytes module_data(32, 0xAB);
  const auto command = "0082111220" + to_hex(module_data) + "10";
  for (const auto* answer : {"6982", "6983", "6300", "63C0", "63C2", "6985", "6988", "6A80", "6700", "6F00"}) {
    ScriptedChannel card;
    card.expect(command, answer);
    reader::Transaction transaction(card);
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(NhiCard().authenticate(transaction, module_data)), Error, [](const Error& error) {
          return error.code() == Errc::CardRefused && error.step() == "card_answer" && !error.tries_left();
        });
  }
}

BOOST_AUTO_TEST_CASE(a_removal_in_the_middle_stays_a_removal) {
  ScriptedChannel card;
  card.expect(select, "9000").expect(read_basic, basic).expect_failure(read_card_data, Errc::CardRemoved);
  BOOST_CHECK_EXCEPTION(static_cast<void>(read(card)), Error, has_code(Errc::CardRemoved));
}

BOOST_AUTO_TEST_CASE(a_simulated_card_is_read_with_and_without_get_response) {
  for (const bool get_response : {false, true}) {
    simulator::CardOptions options;
    options.get_response = get_response;
    auto person = testing::invented_person();
    person.termination = "1";
    testing::SimulatedReader reader(simulator::personalise("nhi", person, options));
    reader::Transaction transaction(*reader.channel);
    NhiCard driver;
    const auto record = driver.read(transaction);
    BOOST_TEST(record.name == "王小明");
    BOOST_TEST(record.id_number == "A123456789");
    BOOST_TEST(record.birth_date == "1996-01-02");
    BOOST_TEST(record.sex == "F");
    BOOST_TEST(record.issue_date == "2021-07-01");
    BOOST_TEST(record.termination == "1");
    BOOST_TEST(record.warnings.empty());
    BOOST_TEST(reader.card->counters().apdus == (get_response ? 5U : 3U));
    BOOST_TEST(driver.card_number(transaction) == record.card_number);
  }
}

BOOST_AUTO_TEST_CASE(a_simulated_card_is_read_with_every_habit) {
  using simulator::Habit;
  for (const auto& habits : {simulator::Habits{Habit::SelectedByDefault}, simulator::Habits{Habit::UnknownAid6d00},
                             simulator::Habits{Habit::LongRecord},
                             simulator::Habits{Habit::SelectedByDefault, Habit::UnknownAid6d00, Habit::LongRecord}}) {
    simulator::CardOptions options;
    options.habits = habits;
    testing::SimulatedReader reader(simulator::personalise("nhi", testing::invented_person(), options));
    reader::Transaction transaction(*reader.channel);
    BOOST_TEST(name_of(CardRegistry({}).recognise(transaction)->kind()) == "nhi");
    const auto record = NhiCard().read(transaction);
    BOOST_TEST(record.name == "王小明");
    BOOST_TEST(record.issue_date == "2021-07-01");
    BOOST_TEST(record.warnings.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
