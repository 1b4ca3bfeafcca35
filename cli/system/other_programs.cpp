#include "cli/system/other_programs.hpp"

#include "cli/frame/failure.hpp"
#include "cli/texts/program.hpp"
#include "driver/base/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::cli {

namespace {

constexpr std::size_t max_output = std::size_t{64} * 1024;

std::string read_to_end(int descriptor) {
  std::string output;
  std::array<char, 4096> piece{};
  for (;;) {
    const auto size = ::read(descriptor, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return output;
    if (output.size() < max_output) output.append(piece.data(), static_cast<std::size_t>(size));
  }
}

} // namespace

std::optional<std::filesystem::path> find_program(const std::string& name, std::vector<std::filesystem::path> folders) {
  const char* search = std::getenv("PATH");
  for (std::string_view rest = search != nullptr ? search : ""; !rest.empty();) {
    const auto colon = rest.find(':');
    folders.emplace_back(rest.substr(0, colon));
    rest = colon == std::string_view::npos ? "" : rest.substr(colon + 1);
  }
  for (const auto& folder : folders)
    if (folder.is_absolute() && ::access((folder / name).c_str(), X_OK) == 0) return folder / name;
  return std::nullopt;
}

Ended run_to_end(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  const auto cannot = [&program](int reason) {
    return file_error(texts::file::cannot_start, program.string(), std::strerror(reason));
  };
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw cannot(errno);
  const Descriptor from_program(pipe[0]);
  Descriptor to_us(pipe[1]);

  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, to_us.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, to_us.get(), STDERR_FILENO);
  pid_t pid = -1;
  const int result = posix_spawn(&pid, program.c_str(), &files, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  to_us.reset();
  Ended ended;
  if (result == 0) ended.output = read_to_end(from_program.get());
  if (result != 0) throw cannot(result);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  return ended;
}

} // namespace twcard::cli
