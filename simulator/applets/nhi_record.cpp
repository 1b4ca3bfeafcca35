#include "simulator/applets/nhi_record.hpp"

#include "driver/base/error.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <iconv.h>

namespace twcard::simulator {

namespace {

constexpr std::size_t name_octets = 20;

// The C library's "BIG5" is code page 950.
Bytes to_big5(const std::string& text) {
  const auto converter = ::iconv_open("BIG5", "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) throw Error(Errc::Internal, "no converter to Big5");
  std::string in = text;
  Bytes out(text.size() * 2 + 8);
  char* from = in.data();
  auto from_left = in.size();
  auto* to = reinterpret_cast<char*>(out.data());
  auto to_left = out.size();
  const auto failed = static_cast<std::size_t>(-1);
  const bool converted = ::iconv(converter, &from, &from_left, &to, &to_left) != failed &&
                         ::iconv(converter, nullptr, nullptr, &to, &to_left) != failed;
  ::iconv_close(converter);
  if (!converted) throw Error(Errc::BadRequest, "name: a character that Big5 does not have");
  out.resize(out.size() - to_left);
  return out;
}

int number(const std::string& text, std::size_t at, std::size_t digits) {
  int value = -1;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + digits, value);
  return error == std::errc() && end == begin + digits ? value : -1;
}

// YYYY-MM-DD to YYYMMDD of the ROC calendar, whose year 1 is 1912.
std::string roc_date(const std::string& field, const std::string& iso) {
  const bool shaped = iso.size() == 10 && iso[4] == '-' && iso[7] == '-';
  const int year = shaped ? number(iso, 0, 4) - 1911 : 0;
  const int month = shaped ? number(iso, 5, 2) : 0;
  const int day = shaped ? number(iso, 8, 2) : 0;
  if (year < 1 || year > 999 || month < 1 || month > 12 || day < 1 || day > 31)
    throw Error(Errc::BadRequest, field + ": not a date YYYY-MM-DD from 1912 on");
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%03d%02d%02d", year, month, day);
  return text.data();
}

void append(Bytes& record, const std::string& field, const std::string& text, std::size_t size) {
  if (text.size() != size) throw Error(Errc::BadRequest, field + ": not " + std::to_string(size) + " characters");
  record.insert(record.end(), text.begin(), text.end());
}

} // namespace

Bytes nhi_basic_record(const NhiRecordFields& fields) {
  auto name = to_big5(fields.name);
  name.resize(name_octets, 0x00);

  Bytes record;
  append(record, "card_number", fields.card_number, 12);
  record.insert(record.end(), name.begin(), name.end());
  append(record, "id_number", fields.id_number, 10);
  append(record, "birth_date", roc_date("birth_date", fields.birth_date), 7);
  append(record, "sex", fields.sex, 1);
  append(record, "issue_date", roc_date("issue_date", fields.issue_date), 7);
  return record;
}

} // namespace twcard::simulator
