#include "portal/nhi/form.hpp"

#include "driver/crypto/random.hpp"
#include "portal/nhi/identity_number.hpp"
#include "portal/verification/refusal.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <charconv>

namespace twcard::portal {
namespace {

constexpr std::size_t card_number_digits = 12;
constexpr std::size_t max_name_characters = 50;
constexpr std::size_t max_member = 400;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string() || value->get_string().size() > max_member) {
    throw Refusal(Reason::FieldInvalid, std::string(name));
  }
  return {value->get_string().data(), value->get_string().size()};
}

bool is_card_number(std::string_view text) {
  return text.size() == card_number_digits && std::all_of(text.begin(), text.end(), is_digit);
}

// The text is valid UTF-8: the JSON parser has seen to that.
bool is_name(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  const auto characters = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
  const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
  return !blank && characters <= max_name_characters && std::none_of(text.begin(), text.end(), is_control);
}

unsigned number_at(std::string_view text, std::size_t offset, std::size_t digits) {
  unsigned number = 0;
  std::from_chars(text.data() + offset, text.data() + offset + digits, number);
  return number;
}

bool is_past_date(std::string_view text, Time now) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 'd' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number_at(text, 0, 4))),
                                         std::chrono::month(number_at(text, 5, 2)),
                                         std::chrono::day(number_at(text, 8, 2))};
  // A card issued today in Taipei may bear tomorrow's date elsewhere.
  const auto latest = std::chrono::floor<std::chrono::days>(now + std::chrono::hours(14));
  return date.ok() && date.year() >= std::chrono::year(1900) && std::chrono::sys_days(date) <= latest;
}

void require(bool valid, const char* name) {
  if (!valid) throw Refusal(Reason::FieldInvalid, name);
}

} // namespace

NhiForm parse_nhi_form(const boost::json::value& json, Time now) {
  const auto* object = json.if_object();
  if (!object) throw Refusal(Reason::BadRequest, "not an object");
  NhiForm form{member(*object, "cardNumber"), member(*object, "name"), member(*object, "idNumber"),
               member(*object, "birthDate"),  member(*object, "sex"),  member(*object, "issueDate")};
  require(is_card_number(form.card_number), "cardNumber");
  require(is_name(form.name), "name");
  require(is_identity_number(form.id_number), "idNumber");
  require(is_past_date(form.birth_date, now), "birthDate");
  require(form.sex == "M" || form.sex == "F", "sex");
  require(is_past_date(form.issue_date, now), "issueDate");
  return form;
}

std::string store_nhi_form(Database& database, const NhiForm& form, std::string_view holder_serial, Time now) {
  std::string reference = to_hex(crypto::random_octets(5));
  database
      .prepare("INSERT INTO nhi_form (reference, holder_serial, received, card_number, name, id_number, birth_date, "
               "sex, issue_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(reference)
      .bind(holder_serial)
      .bind(std::int64_t{std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count()})
      .bind(form.card_number)
      .bind(form.name)
      .bind(form.id_number)
      .bind(form.birth_date)
      .bind(form.sex)
      .bind(form.issue_date)
      .run();
  return reference;
}

} // namespace twcard::portal
