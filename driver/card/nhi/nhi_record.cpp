#include "driver/card/nhi/nhi_record.hpp"

#include "driver/base/error.hpp"
#include "driver/card/nhi/big5.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr std::size_t card_number_digits = 12;
constexpr std::size_t name_octets = 20;
constexpr std::size_t id_number_characters = 10;
constexpr std::size_t roc_date_digits = 7;
constexpr int years_before_the_republic = 1911;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}
bool is_capital(char character) {
  return character >= 'A' && character <= 'Z';
}
bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const auto digit : digits) number = number * 10 + (digit - '0');
  return number;
}

[[noreturn]] void bad(const char* field, const char* what) {
  throw Error(Errc::BadCardData, fmt::format("NHI card, {}: {}", field, what));
}

// Walks the record, field by field.
class Fields final {
public:
  explicit Fields(ByteView octets) : m_rest(octets) {}
  [[nodiscard]] ByteView take(std::size_t size) {
    const auto field = m_rest.first(size);
    m_rest = m_rest.subspan(size);
    return field;
  }

private:
  ByteView m_rest;
};

// A value that cannot be right costs its field only: it is left empty, and a warning names it.
std::string value_or_warning(const char* field, std::optional<std::string> value, const char* fault,
                             NhiRecord& record) {
  if (value) return std::move(*value);
  record.warnings.push_back(fmt::format("{}: {}", field, fault));
  return {};
}

std::string date(const char* field, ByteView octets, NhiRecord& record) {
  return value_or_warning(field, iso_date_of(as_text(octets)), "not a date of seven digits", record);
}

std::optional<std::string> number_of_card(ByteView octets) {
  const auto digits = as_text(octets);
  if (digits.size() != card_number_digits || !all_digits(digits)) return std::nullopt;
  return std::string(digits);
}

// Printable ASCII as it is; the rest would harm whoever shows it.
std::string shown(ByteView octets) {
  return decode_padded_big5(octets).text;
}

// The same with the blanks at its end.
std::string as_it_stands(ByteView octets) {
  return decode_big5(octets).text;
}

void require_length(ByteView octets) {
  if (octets.size() < nhi_record_octets) bad("basic record", "fewer than 57 octets");
}

// Two digits stand for the letter that a number begins with: A is 10, and so on in the order of the districts' making.
int value_of_letter(char letter) {
  constexpr std::array<int, 26> values{10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                       22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};
  return values[static_cast<std::size_t>(letter - 'A')];
}

} // namespace

NhiRecord parse_nhi_record(ByteView octets) {
  require_length(octets);
  Fields fields(octets);
  NhiRecord record;
  record.card_number =
      value_or_warning("card_number", number_of_card(fields.take(card_number_digits)), "not 12 digits", record);

  const auto name = decode_padded_big5(fields.take(name_octets));
  record.name = name.text;
  record.name_uncertain = name.uncertain;
  if (name.uncertain)
    record.warnings.emplace_back("name: a character without a certain Unicode equivalent, or cut off");
  if (name.text.empty()) record.warnings.emplace_back("name: empty");

  const auto id_number = fields.take(id_number_characters);
  record.id_number = shown(id_number);
  if (const auto doubt = doubt_about_id_number(as_text(id_number)); !doubt.empty())
    record.warnings.push_back("id_number: " + doubt);

  record.birth_date = date("birth_date", fields.take(roc_date_digits), record);
  record.sex = shown(fields.take(1));
  if (record.sex != "M" && record.sex != "F") record.warnings.emplace_back("sex: neither M nor F");
  record.issue_date = date("issue_date", fields.take(roc_date_digits), record);
  return record;
}

NhiFields parse_nhi_fields(ByteView octets) {
  require_length(octets);
  Fields fields(octets);
  NhiFields record;
  record.card_number = as_it_stands(fields.take(card_number_digits));
  const auto name = fields.take(name_octets);
  record.name.assign(name.begin(), std::find(name.begin(), name.end(), 0));
  record.id_number = as_it_stands(fields.take(id_number_characters));
  record.birth_date = as_it_stands(fields.take(roc_date_digits));
  record.sex = as_it_stands(fields.take(1));
  return record;
}

std::string termination_character(std::uint8_t octet) {
  return as_it_stands(ByteView(&octet, 1));
}

std::string parse_termination_mark(ByteView card_data) {
  if (card_data.empty()) bad("termination", "no data");
  const bool two_octets = card_data.front() >= 0x81 && card_data.size() > 1;
  return shown(card_data.first(two_octets ? 2 : 1));
}

std::string parse_nhi_card_number(ByteView octets) {
  auto number = number_of_card(octets);
  if (!number) bad("card_number", "not 12 digits");
  return std::move(*number);
}

std::optional<std::string> iso_date_of(std::string_view roc_date) {
  if (roc_date.size() != roc_date_digits || !all_digits(roc_date)) return std::nullopt;
  const int roc_year = number_of(roc_date.substr(0, 3));
  const int month = number_of(roc_date.substr(3, 2));
  const int day = number_of(roc_date.substr(5, 2));
  const int year = roc_year + years_before_the_republic;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (roc_year == 0 || !date.ok()) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string doubt_about_id_number(std::string_view number) {
  if (number.size() != id_number_characters || !is_capital(number[0]) || !all_digits(number.substr(2)))
    return "not a letter and nine digits";
  const bool old_resident = number[1] >= 'A' && number[1] <= 'D';
  const bool citizen = number[1] == '1' || number[1] == '2';
  const bool resident = number[1] == '8' || number[1] == '9';
  if (!old_resident && !citizen && !resident) return "the second character is not one that is given out";

  constexpr std::array<int, 9> weights{8, 7, 6, 5, 4, 3, 2, 1, 1};
  const int first = value_of_letter(number[0]);
  int sum = first / 10 + first % 10 * 9;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const char character = number[i + 1];
    sum += weights[i] * (is_digit(character) ? character - '0' : value_of_letter(character) % 10);
  }
  return sum % 10 == 0 ? "" : "the checksum does not fit";
}

} // namespace twcard::card
