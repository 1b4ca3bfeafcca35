#include "tests/faults/faulty_service.hpp"

#include "tests/system/stack.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace twcard::tests {

namespace {

// The stack's own service would use the cards at the same time.
void stop_the_stacks_service() {
  std::ifstream file(stack_file("twcardd.pid"));
  pid_t pid = 0;
  file >> pid;
  ::kill(pid, SIGTERM);
  if (!eventually([pid] { return ::kill(pid, 0) != 0; })) throw std::runtime_error("the stack's twcardd does not stop");
}

std::size_t entries(const std::string& folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

FaultyService::FaultyService(std::chrono::seconds card_limit)
    : m_control_file(stack_file("pcsc-faults")), m_socket(stack_file("run/twcard/faulty.sock")),
      m_card_limit(card_limit) {
  static const bool once = [] {
    stop_the_stacks_service();
    return true;
  }();
  static_cast<void>(once);
  const int file = ::open(m_control_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(FaultControl)) != 0) throw std::runtime_error("no file for the faults");
  void* mapped = ::mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) throw std::runtime_error("the file for the faults cannot be mapped");
  m_control = static_cast<FaultControl*>(mapped);
  clear();
  ::setenv("TWCARD_SOCKET", m_socket.c_str(), 1);
}

FaultyService::~FaultyService() {
  clear();
  stop();
  ::munmap(m_control, sizeof(FaultControl));
}

void FaultyService::fail(PcscCall call, std::int64_t code, std::uint32_t passing, std::uint32_t times) {
  m_control->call = PcscCall::None;
  m_control->hits = 0;
  m_control->code = code;
  m_control->passing = passing;
  m_control->times = times;
  m_control->call = call;
}

void FaultyService::clear() {
  m_control->call = PcscCall::None;
  ++m_control->releases;
}

void FaultyService::start() {
  m_process = ::fork();
  if (m_process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setenv("LD_PRELOAD", TWCARD_FAULTY_LIBRARY, 1);
    ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
    ::setenv(control_variable, m_control_file.c_str(), 1);
    const int log = ::open(stack_file("log/twcardd-faulty").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    const auto limit = std::to_string(m_card_limit.count());
    ::execlp("twcardd", "twcardd", "--card-limit", limit.c_str(), nullptr);
    ::_exit(127);
  }
  if (!eventually([] { return error_of([] { static_cast<void>(service()); }).empty(); }))
    throw std::runtime_error("twcardd on the faulty library does not start");
}

bool FaultyService::stop() {
  if (m_process == 0) return true;
  ::kill(m_process, SIGTERM);
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(12);
  while (::waitpid(m_process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(m_process, SIGKILL);
      ::waitpid(m_process, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  m_process = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::size_t FaultyService::threads() const {
  return entries(fmt::format("/proc/{}/task", m_process));
}

std::size_t FaultyService::descriptors() const {
  return entries(fmt::format("/proc/{}/fd", m_process));
}

bool FaultyService::running() const {
  return ::waitpid(m_process, nullptr, WNOHANG) == 0;
}

} // namespace twcard::tests
