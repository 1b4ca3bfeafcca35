// The built `twcard` as a child process, as a person or a script runs it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace twcard::cli::testing {

// A 0700 folder that is removed at the end.
class PrivateFolder final {
public:
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  // A new file with this content; its path.
  std::filesystem::path file(const std::string& name, const std::string& content) const;

private:
  std::filesystem::path m_path;
};

[[nodiscard]] std::string content_of(const std::filesystem::path& file);

using Environment = std::map<std::string, std::string>;

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class ChildProgram final {
public:
  // The environment holds nothing but `environment` and, without one in it, a PATH without the built programs.
  ChildProgram(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const Environment& environment);
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  // The next line of standard output without its newline. Fails the test when none comes within 20 s.
  [[nodiscard]] std::string read_line();
  void send_signal(int signal) const;
  // Reads both outputs to their end and waits for the exit.
  [[nodiscard]] Outcome finish();

private:
  int m_out = -1;
  int m_err = -1;
  int m_pid = -1;
  std::string m_buffered;
};

// The built program.
[[nodiscard]] std::filesystem::path twcard_program();
// Runs it to its end, in English when `environment` does not say otherwise.
[[nodiscard]] Outcome run_twcard(const std::vector<std::string>& arguments, const Environment& environment = {});

} // namespace twcard::cli::testing
