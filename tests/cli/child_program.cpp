#include "tests/cli/child_program.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::cli::testing {

PrivateFolder::PrivateFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "twcard-cli-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  m_path = name;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path PrivateFolder::file(const std::string& name, const std::string& content) const {
  const auto file = m_path / name;
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  BOOST_REQUIRE(stream.flush().good());
  return file;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(stream.good(), file.string() + " cannot be read");
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

ChildProgram::ChildProgram(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                           const Environment& environment) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  BOOST_REQUIRE_EQUAL(::pipe2(out.data(), O_CLOEXEC), 0);
  BOOST_REQUIRE_EQUAL(::pipe2(err.data(), O_CLOEXEC), 0);

  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  if (!environment.contains("PATH")) variables.emplace_back("PATH=/usr/bin:/bin");
  for (const auto& [name, value] : environment) {
    variables.push_back(name);
    variables.back() += "=" + value;
  }
  const auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (auto& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
  };

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err[1], STDERR_FILENO);
  const int result =
      posix_spawn(&m_pid, program.c_str(), &files, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  BOOST_REQUIRE_EQUAL(result, 0);
  ::close(out[1]);
  ::close(err[1]);
  m_out = out[0];
  m_err = err[0];
}

ChildProgram::~ChildProgram() {
  if (m_pid > 0) {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
  }
  ::close(m_out);
  ::close(m_err);
}

std::string ChildProgram::read_line() {
  while (m_buffered.find('\n') == std::string::npos) {
    pollfd readable{m_out, POLLIN, 0};
    BOOST_REQUIRE_MESSAGE(::poll(&readable, 1, 20'000) == 1, "the program printed no line");
    std::array<char, 4096> piece{};
    const auto size = ::read(m_out, piece.data(), piece.size());
    BOOST_REQUIRE_MESSAGE(size > 0, "the program ended: " + m_buffered);
    m_buffered.append(piece.data(), static_cast<std::size_t>(size));
  }
  const auto end = m_buffered.find('\n');
  auto line = m_buffered.substr(0, end);
  m_buffered.erase(0, end + 1);
  return line;
}

void ChildProgram::send_signal(int signal) const {
  BOOST_REQUIRE_EQUAL(::kill(m_pid, signal), 0);
}

Outcome ChildProgram::finish() {
  const auto read_all = [](int descriptor) {
    std::string text;
    std::array<char, 4096> piece{};
    for (ssize_t size = 0; (size = ::read(descriptor, piece.data(), piece.size())) > 0;)
      text.append(piece.data(), static_cast<std::size_t>(size));
    return text;
  };
  Outcome outcome;
  outcome.out = m_buffered + read_all(m_out);
  outcome.err = read_all(m_err);
  int status = 0;
  BOOST_REQUIRE_EQUAL(::waitpid(m_pid, &status, 0), m_pid);
  m_pid = -1;
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

std::filesystem::path twcard_program() {
  return TWCARD_PROGRAM;
}

Outcome run_twcard(const std::vector<std::string>& arguments, const Environment& environment) {
  return ChildProgram(twcard_program(), arguments, environment).finish();
}

} // namespace twcard::cli::testing
