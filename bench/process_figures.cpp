#include "bench/process_figures.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <string>

namespace twcard::bench {

namespace {

// The number behind `name` in a status file of proc(5).
std::uint64_t status_value(const std::filesystem::path& file, const std::string& name) {
  std::ifstream status(file);
  for (std::string word; status >> word;) {
    std::uint64_t value = 0;
    if (word == name && status >> value) return value;
  }
  throw std::runtime_error(fmt::format("{}: no {}", file.string(), name));
}

} // namespace

std::uint64_t resident_kib(pid_t process) {
  return status_value(fmt::format("/proc/{}/status", process), "VmRSS:");
}

std::uint64_t anonymous_kib(pid_t process) {
  return status_value(fmt::format("/proc/{}/status", process), "RssAnon:");
}

std::uint64_t wake_ups(pid_t process) {
  std::uint64_t sum = 0;
  for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process)))
    sum += status_value(thread.path() / "status", "voluntary_ctxt_switches:");
  return sum;
}

} // namespace twcard::bench
