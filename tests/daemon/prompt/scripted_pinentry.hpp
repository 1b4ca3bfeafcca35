// A pinentry made of a shell script in a folder of its own: speaks Assuan, answers as told, keeps what it was sent.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace twcard::prompt {

class ScriptedPinentry final {
public:
  // Shell commands for GETPIN and CONFIRM. `$folder` is this object's folder, `$n` counts the GETPINs from 1;
  // "tell WORD" wakes wait_for_word() and "hang" never answers.
  explicit ScriptedPinentry(const std::string& on_getpin, const std::string& on_confirm = "echo OK",
                            const std::string& at_start = "echo 'OK scripted'");
  ~ScriptedPinentry();
  ScriptedPinentry(const ScriptedPinentry&) = delete;
  ScriptedPinentry& operator=(const ScriptedPinentry&) = delete;

  [[nodiscard]] std::string program() const { return (m_folder / "pinentry").string(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  // Lines received, in order.
  [[nodiscard]] std::vector<std::string> transcript() const;
  [[nodiscard]] bool was_sent(const std::string& line) const;
  [[nodiscard]] std::size_t starts() const;
  // Blocks for the script's next "tell WORD".
  [[nodiscard]] std::string wait_for_word();

private:
  std::filesystem::path m_folder;
  int m_words = -1;
};

// Blocks until the process has ended, at most 30 s; false when it still lives then.
[[nodiscard]] bool has_ended(pid_t process);

} // namespace twcard::prompt
