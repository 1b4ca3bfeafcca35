#include "driver/card/nhi/nhi_record.hpp"

#include "tests/support/has_code.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;

namespace {

// The record of an invented person, in the order of docs/cards/nhi.md.
struct Record {
  std::string card_number = "000012345678";
  std::string name{"\xA4\xFD\xA4\x70\xA9\xFA\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20};
  std::string id_number = "A123456789";
  std::string birth_date = "0850102";
  std::string sex = "F";
  std::string issue_date = "1100701";

  [[nodiscard]] Bytes octets() const {
    const auto all = card_number + name + id_number + birth_date + sex + issue_date;
    return to_bytes(as_bytes(all));
  }
};

bool warns_of(const NhiRecord& record, std::string_view field) {
  return std::any_of(record.warnings.begin(), record.warnings.end(),
                     [field](const std::string& warning) { return warning.starts_with(field); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhi_record)

BOOST_AUTO_TEST_CASE(every_field_comes_from_its_place) {
  const auto record = parse_nhi_record(Record().octets());
  BOOST_TEST(record.card_number == "000012345678");
  BOOST_TEST(record.name == "王小明");
  BOOST_TEST(!record.name_uncertain);
  BOOST_TEST(record.id_number == "A123456789");
  BOOST_TEST(record.birth_date == "1996-01-02");
  BOOST_TEST(record.sex == "F");
  BOOST_TEST(record.issue_date == "2021-07-01");
  BOOST_TEST(record.termination.empty());
  BOOST_TEST(record.warnings.empty());
}

BOOST_AUTO_TEST_CASE(the_plain_fields_are_as_they_stand_on_the_card_and_not_judged) {
  Record odd;
  odd.birth_date = "0851399";
  odd.sex = "\n";
  odd.id_number = "A12345678 ";
  const auto fields = parse_nhi_fields(odd.octets());
  BOOST_TEST(fields.birth_date == "0851399");
  BOOST_TEST(fields.sex == "\xEF\xBF\xBD");
  BOOST_TEST(fields.id_number == "A12345678 ");
  odd.card_number = "00001234567x";
  BOOST_TEST(parse_nhi_fields(odd.octets()).card_number == "00001234567x");
  BOOST_CHECK_EXCEPTION(static_cast<void>(parse_nhi_fields(Bytes(56, '0'))), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_plain_field_of_blanks_stays_one) {
  Record blank;
  blank.card_number = std::string(12, ' ');
  blank.name = std::string(20, ' ');
  blank.id_number = std::string(10, ' ');
  blank.birth_date = std::string(7, ' ');
  blank.sex = " ";
  const auto fields = parse_nhi_fields(blank.octets());
  BOOST_TEST(fields.card_number == std::string(12, ' '));
  BOOST_TEST(as_text(fields.name) == std::string(20, ' '));
  BOOST_TEST(fields.id_number == std::string(10, ' '));
  BOOST_TEST(fields.birth_date == std::string(7, ' '));
  BOOST_TEST(fields.sex == " ");
}

BOOST_AUTO_TEST_CASE(a_record_that_is_too_short_is_refused) {
  const auto octets = Record().octets();
  BOOST_TEST_REQUIRE(octets.size() == nhi_record_octets);
  for (const std::size_t size : {0U, 1U, 50U, 56U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_nhi_record(ByteView(octets).first(size))), Error,
                          has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(what_follows_the_57_octets_is_left_out) {
  for (const std::size_t more : {1U, 3U, 199U}) {
    auto octets = Record().octets();
    octets.insert(octets.end(), more, 'X');
    const auto record = parse_nhi_record(octets);
    BOOST_TEST(record.issue_date == "2021-07-01");
    BOOST_TEST(record.warnings.empty());
    BOOST_TEST(parse_nhi_fields(octets).sex == "F");
  }
}

BOOST_AUTO_TEST_CASE(a_bad_field_costs_that_field_only_and_is_named_without_its_content) {
  const auto good = parse_nhi_record(Record().octets());
  const auto without = [&](std::string Record::*field, const char* content, std::string NhiRecord::*lost) {
    Record damaged;
    damaged.*field = content;
    auto record = parse_nhi_record(damaged.octets());
    BOOST_TEST((record.*lost).empty());
    BOOST_REQUIRE(record.warnings.size() == 1U);
    auto warning = record.warnings.front();
    BOOST_TEST(warning.find(content) == std::string::npos);
    record.*lost = good.*lost;
    for (const auto kept : {&NhiRecord::card_number, &NhiRecord::name, &NhiRecord::id_number, &NhiRecord::birth_date,
                            &NhiRecord::sex, &NhiRecord::issue_date})
      BOOST_TEST((record.*kept == good.*kept));
    return warning.substr(0, warning.find(':'));
  };
  BOOST_TEST(without(&Record::card_number, "000X12345678", &NhiRecord::card_number) == "card_number");
  for (const char* date : {"0850230", "110 701", "0850100", "       ", "0000101", "-010101"}) {
    BOOST_TEST(without(&Record::birth_date, date, &NhiRecord::birth_date) == "birth_date");
    BOOST_TEST(without(&Record::issue_date, date, &NhiRecord::issue_date) == "issue_date");
  }
}

BOOST_AUTO_TEST_CASE(doubts_are_warnings_and_the_text_stays) {
  Record doubtful;
  doubtful.id_number = "A123456788";
  doubtful.sex = "X";
  doubtful.name = std::string("\xA4\xFD\xFA\x40", 4) + std::string(15, 'A') + "\xA4";
  const auto record = parse_nhi_record(doubtful.octets());
  BOOST_TEST(record.id_number == "A123456788");
  BOOST_TEST(warns_of(record, "id_number: the checksum"));
  BOOST_TEST(record.sex == "X");
  BOOST_TEST(warns_of(record, "sex"));
  BOOST_TEST(record.name == "王\uFFFDAAAAAAAAAAAAAAA\uFFFD");
  BOOST_TEST(record.name_uncertain);
  BOOST_TEST(warns_of(record, "name"));
  BOOST_TEST(record.warnings.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_empty_name_is_a_warning) {
  Record nameless;
  nameless.name = std::string(20, '\0');
  BOOST_TEST(warns_of(parse_nhi_record(nameless.octets()), "name: empty"));
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_text_do_not_come_through_as_they_are) {
  Record odd;
  odd.id_number = "A12\x1B[2J\x07\x80\x00";
  odd.id_number.resize(10, '\x01');
  const auto record = parse_nhi_record(odd.octets());
  for (const auto character : record.id_number) BOOST_TEST((static_cast<unsigned char>(character) >= 0x20));
  BOOST_TEST(warns_of(record, "id_number"));
}

BOOST_AUTO_TEST_CASE(years_of_the_republic_become_common_ones) {
  BOOST_TEST(iso_date_of("0850102").value() == "1996-01-02");
  BOOST_TEST(iso_date_of("0010101").value() == "1912-01-01");
  BOOST_TEST(iso_date_of("1131231").value() == "2024-12-31");
  BOOST_TEST(iso_date_of("1130229").value() == "2024-02-29"); // a leap year
}

BOOST_AUTO_TEST_CASE(invalid_date_is_rejected) {
  for (const auto* text : {"1120229", "0000101", "0851301", "0850132", "0850001", "0850100", "085010", "08501021",
                           "       ", "085O102", "-850102", ""})
    BOOST_TEST(!iso_date_of(text).has_value(), text);
}

// The checksum rule by hand: digits of the letter and the rest by 1 9 8 7 6 5 4 3 2 1 1, divisible by 10.
BOOST_AUTO_TEST_CASE(good_numbers_raise_no_doubt) {
  for (const auto* number : {"A123456789", "O100000004", "I100000003", "W100000001", "Z200000004", // citizens
                             "A800000014", "A900000016",                                           // residents, new
                             "AB00000010", "FC12345674", "AD98765439"})                            // residents, old
    BOOST_TEST(doubt_about_id_number(number) == "", number);
}

BOOST_AUTO_TEST_CASE(each_wrong_digit_raises_a_doubt) {
  for (char digit = '0'; digit <= '8'; ++digit)
    BOOST_TEST(doubt_about_id_number(std::string("A12345678") + digit) == "the checksum does not fit");
  BOOST_TEST(doubt_about_id_number("AB00000011") == "the checksum does not fit");
}

BOOST_AUTO_TEST_CASE(other_forms_raise_a_doubt) {
  for (const auto* number : {"", "A12345678", "A1234567890", "a123456789", "1123456789", "A12345678X", "AE00000010",
                             "A323456789", "A023456789"})
    BOOST_TEST(!doubt_about_id_number(number).empty(), number);
}

BOOST_AUTO_TEST_CASE(the_termination_mark_is_one_character_or_nothing) {
  BOOST_TEST(parse_termination_mark(*from_hex("310000")) == "1");
  BOOST_TEST(parse_termination_mark(*from_hex("20")).empty());
  BOOST_TEST(parse_termination_mark(*from_hex("0031")).empty());
  BOOST_TEST(parse_termination_mark(*from_hex("A4FD41")) == "王");
  BOOST_CHECK_EXCEPTION(static_cast<void>(parse_termination_mark({})), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
