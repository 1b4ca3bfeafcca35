#include "tests/daemon/vendor/program.hpp"

#include "driver/base/error.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace twcard::vendor {

Program::Program(const std::filesystem::path& folder, const std::map<std::string, std::string>& libraries,
                 const std::map<std::string, std::string>& environment, int limit, const std::string& atr)
    : m_socket(folder / "run" / "vendor.sock") {
  const auto vendor_folder = folder / "vendor.d";
  std::filesystem::create_directories(vendor_folder);
  for (const auto& [name, path] : libraries)
    std::ofstream(vendor_folder / (name + ".json")) << fmt::format(
        R"({{"version": 1, "kind": "vendor", "name": "{}", "atrs": ["{}"], "library": "{}"}})", name, atr, path);
  m_process = ::fork();
  if (m_process != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  ::execl(TWCARD_VENDOR_PROGRAM, TWCARD_VENDOR_PROGRAM, "--socket", m_socket.c_str(), "--libraries",
          vendor_folder.c_str(), "--limit", std::to_string(limit).c_str(), nullptr);
  ::_exit(127);
}

Program::~Program() {
  if (m_process <= 0) return;
  ::kill(m_process, SIGTERM);
  ::waitpid(m_process, nullptr, 0);
}

rpc::Client Program::connect() const {
  for (int attempt = 0; attempt < 500; ++attempt) {
    try {
      return rpc::Client::connect(m_socket);
    } catch (const Error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20)); // there is no event for "a socket file listens"
    }
  }
  throw std::runtime_error("twcard-vendor does not listen");
}

int Program::ended_by() {
  int status = 0;
  ::waitpid(m_process, &status, 0);
  m_process = -1;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

} // namespace twcard::vendor
