#include "simulator/issuing/habits.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>

namespace twcard::simulator {

namespace {

constexpr std::array<HabitRow, 16> rows{{
    {Habit::SelectWithoutLe, "select-without-le", HabitOf::Gpki, true,
     "inside a secure session SELECT has no Le, or is refused"},
    {Habit::SelectWithLe, "select-with-le", HabitOf::Gpki, false,
     "inside a secure session SELECT has an Le, or is refused"},
    {Habit::LettersInNumber, "letters-in-number", HabitOf::Citizen, true,
     "the card number is two letters and 14 digits"},
    {Habit::LongVersion, "long-version", HabitOf::Citizen, true, "EF 0905 has 24 octets"},
    {Habit::NoAccessFlags, "no-access-flags", HabitOf::Citizen, true, "private key entries have no accessFlags"},
    {Habit::SpacedLabels, "spaced-labels", HabitOf::Citizen, true,
     "the CA certificates are labelled \"CA Cert\" and \"ROOT CA Cert\""},
    {Habit::ThreeCertificates, "three-certificates", HabitOf::Citizen, true,
     "a third key with a certificate of its own, SIGN02"},
    {Habit::EndedCertificateFirst, "ended-certificate-first", HabitOf::Citizen, true,
     "before the signature certificate stands an ended one of the same key"},
    {Habit::RenewedInPlace, "renewed-in-place", HabitOf::Citizen, true,
     "after the certificates lie remains of longer ones, whose lengths the directory has kept"},
    {Habit::TwoIssuers, "two-issuers", HabitOf::Citizen, true,
     "before the issuing CA's certificate stands another CA's of the same name"},
    {Habit::SerialZero, "serial-zero", HabitOf::Citizen, true, "the signature certificate has the serial number 0"},
    {Habit::NonRepudiation, "non-repudiation", HabitOf::Citizen, false,
     "the signature certificate is for nonRepudiation alone"},
    {Habit::ColonInLabel, "colon-in-label", HabitOf::Pkcs15, true, "the token's label has a colon"},
    {Habit::SelectedByDefault, "selected-by-default", HabitOf::Nhi, true,
     "the insurance applet answers GET DATA without a SELECT"},
    {Habit::UnknownAid6d00, "unknown-aid-6d00", HabitOf::Nhi, true,
     "SELECT of an unknown AID is answered 6D00, the selection stays"},
    {Habit::LongRecord, "long-record", HabitOf::Nhi, true, "the basic record has 60 octets"},
}};

} // namespace

std::span<const HabitRow> all_habits() {
  return rows;
}

bool can_have(const HabitRow& row, std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, HabitOf>, 4> kinds{
      {{"nhi", HabitOf::Nhi}, {"hicos", HabitOf::Hicos}, {"gpki", HabitOf::Gpki}, {"pkcs15", HabitOf::Pkcs15}}};
  const auto found = std::ranges::find(kinds, kind, &std::pair<std::string_view, HabitOf>::first);
  return found != kinds.end() && (static_cast<std::uint8_t>(row.kinds) & static_cast<std::uint8_t>(found->second)) != 0;
}

const HabitRow& habit_named(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &HabitRow::name);
  if (row == rows.end()) throw Error(Errc::BadRequest, "habits: unknown name " + std::string(name));
  return *row;
}

void check(const Habits& habits, std::string_view kind) {
  for (const auto habit : habits) {
    const auto& row = *std::ranges::find(rows, habit, &HabitRow::habit);
    if (!can_have(row, kind))
      throw Error(Errc::BadRequest, "habits: " + std::string(row.name) + " is not for cards of this kind");
  }
  if (habits.contains(Habit::SelectWithoutLe) && habits.contains(Habit::SelectWithLe))
    throw Error(Errc::BadRequest, "habits: select-without-le and select-with-le exclude each other");
}

std::vector<std::string> names_of(const Habits& habits) {
  std::vector<std::string> names;
  for (const auto& row : rows)
    if (habits.contains(row.habit)) names.emplace_back(row.name);
  return names;
}

} // namespace twcard::simulator
