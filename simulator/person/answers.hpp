// How the invented person behaves at the next dialog.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace twcard::simulator {

enum class Mood { Approve, Always, Refuse, WrongPin, Cancel, Slow };

struct PersonAnswers {
  Mood mood = Mood::Approve;
  std::string pin;
  std::string press;                  // this button, in every dialog without an entry field that has it; empty: none
  std::chrono::milliseconds delay{0}; // Slow only

  // Throws Error(BadRequest) naming the file and the member.
  [[nodiscard]] static PersonAnswers read(const std::filesystem::path& file);
  // What is entered: the PIN, or another one of the same length.
  [[nodiscard]] std::string entered_pin() const;
};

} // namespace twcard::simulator
