// What real cards do differently from the tidy card that the simulator makes by default. A habit has a name, is chosen
// at personalisation, and is kept in the card file (member "habits"). docs/simulator.md lists them.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twcard::simulator {

enum class Habit {
  SelectWithoutLe,
  SelectWithLe,
  LettersInNumber,
  LongVersion,
  NoAccessFlags,
  SpacedLabels,
  ThreeCertificates,
  EndedCertificateFirst,
  RenewedInPlace,
  TwoIssuers,
  SerialZero,
  NonRepudiation,
  ColonInLabel,
  SelectedByDefault,
  UnknownAid6d00,
  LongRecord,
};
using Habits = std::set<Habit>;

// Kinds of cards that can have a habit; bits of one octet.
enum class HabitOf : std::uint8_t { Nhi = 1, Hicos = 2, Gpki = 4, Citizen = Hicos | Gpki, Pkcs15 = 8 };

struct HabitRow {
  Habit habit;
  std::string_view name;
  HabitOf kinds;
  bool together; // goes with every other habit of which this is true, and leaves the card good for everything
  std::string_view summary;
};
[[nodiscard]] std::span<const HabitRow> all_habits();

// `kind` is that of a card file: "nhi", "hicos", "gpki", "pkcs15".
[[nodiscard]] bool can_have(const HabitRow& row, std::string_view kind);
// Throws Error(BadRequest) for a name that no habit has.
[[nodiscard]] const HabitRow& habit_named(std::string_view name);
// Throws Error(BadRequest) for a habit that the kind cannot have, and for two that exclude each other.
void check(const Habits& habits, std::string_view kind);
[[nodiscard]] std::vector<std::string> names_of(const Habits& habits);

} // namespace twcard::simulator
