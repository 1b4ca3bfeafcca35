// An invented person in front of prompts: speaks the Assuan protocol of pinentry and answers as a file says.
//
// Answers (read again at each dialog): {"mode": "approve" | "always" | "refuse" | "wrong-pin" | "cancel" | "slow",
// "pin": "123456", "delay_ms": 0, "press": "Next card"}; docs/simulator.md. Transcript: one JSON object per line for
// each dialog, without the PIN.
#pragma once

#include <filesystem>

namespace twcard::simulator {

struct PersonFiles {
  std::filesystem::path answers;
  std::filesystem::path transcript; // empty: none
};

// The name of the process (PR_SET_NAME) from when a slow person has read its answers: a test that changes them later
// does not reach this dialog.
inline constexpr const char* waiting_name = "person-waits";

// One session over two descriptors. Blocks until BYE or the end of the input; an end in the middle of a dialog ends the
// session at once. Throws Error(BadRequest) when the answers cannot be used.
void play_person(int input, int output, const PersonFiles& files);

} // namespace twcard::simulator
