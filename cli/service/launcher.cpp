#include "cli/service/launcher.hpp"

#include "cli/system/other_programs.hpp"
#include "driver/base/descriptor.hpp"
#include "driver/base/error.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace twcard::cli {

namespace {

using std::filesystem::path;

constexpr std::chrono::seconds start_limit{10};
constexpr std::chrono::milliseconds retry_interval{10};

Error unavailable(const std::string& context) {
  return {Errc::ServiceUnavailable, context};
}

std::optional<rpc::Client> try_connect(const path& socket) {
  try {
    return rpc::Client::connect(socket);
  } catch (const Error& error) {
    if (error.code() != Errc::ServiceUnavailable) throw;
    return std::nullopt;
  }
}

// Beside this program, else on PATH.
path find_service(const std::string& name) {
  std::error_code ignored;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (auto found = find_program(name, {own.parent_path()})) return *found;
  throw unavailable(fmt::format("{} is neither beside this program nor on PATH", name));
}

// Held until the service answers; another command waits here and then finds it running.
Descriptor lock_starting(const path& folder) {
  const auto file = folder / "start.lock";
  auto lock = hold_lock_file(file);
  if (!lock.is_open()) throw unavailable(fmt::format("{}: {}", file.string(), std::strerror(errno)));
  return lock;
}

struct Started {
  std::string name;
  path log;
  pid_t pid;
  Descriptor process; // readable when it has ended
};

Started start(const std::string& name, const path& folder) {
  const auto program = find_service(name);
  const auto log = folder / (name + ".log");

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawn_file_actions_addchdir_np(&files, "/");
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);

  std::size_t count = 0;
  while (environ[count] != nullptr) ++count;
  auto variables = service_environment({environ, count});
  std::vector<char*> environment;
  for (auto& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  auto argument = program.string();
  char* const arguments[] = {argument.data(), nullptr};

  pid_t pid = -1;
  const int result = posix_spawn(&pid, program.c_str(), &files, &attributes, arguments, environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (result != 0) throw unavailable(fmt::format("{}: {}", program.string(), std::strerror(result)));
  // Not pidfd_open(): the header of glibc 2.36 declares it without C linkage.
  return {name, log, pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))};
}

rpc::Client wait_until_answering(const Started& service, const path& socket) {
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  do {
    pollfd ended{service.process.get(), POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(retry_interval.count())) == 1) {
      ::waitpid(service.pid, nullptr, 0);
      // It also ends when somebody else's was there first.
      if (auto client = try_connect(socket)) return std::move(*client);
      throw unavailable(fmt::format("{} ended at once; see {}", service.name, service.log.string()));
    }
    if (auto client = try_connect(socket)) return std::move(*client);
  } while (std::chrono::steady_clock::now() < deadline);
  throw unavailable(fmt::format("{} does not answer; see {}", service.name, service.log.string()));
}

// Cards can be listed without it, and what needs it says so itself.
void start_prompt(const path& folder) {
  const auto socket = rpc::prompt_socket();
  if (try_connect(socket)) return;
  try {
    (void)wait_until_answering(start("twcard-prompt", folder), socket);
  } catch (const Error&) {
    return;
  }
}

} // namespace

rpc::Client connect_or_start(const path& socket, bool may_start) {
  if (!may_start) return rpc::Client::connect(socket);
  if (auto client = try_connect(socket)) return std::move(*client);
  rpc::prepare_socket_directory(socket);
  const auto folder = socket.parent_path();
  const auto lock = lock_starting(folder);
  if (auto client = try_connect(socket)) return std::move(*client);
  start_prompt(folder);
  return wait_until_answering(start("twcardd", folder), socket);
}

std::vector<std::string> service_environment(std::span<const char* const> environment) {
  constexpr std::array<std::string_view, 5> left_out{"LD_", "PCSCLITE_", "OPENSSL_", "GCONV_PATH=", "GLIBC_TUNABLES="};
  std::vector<std::string> kept;
  for (const std::string_view variable : environment)
    if (std::none_of(left_out.begin(), left_out.end(), [&](auto prefix) { return variable.starts_with(prefix); }))
      kept.emplace_back(variable);
  return kept;
}

} // namespace twcard::cli
