// Looks for a text in the memory of another process, as a search for PINs does.
#pragma once

#include "driver/base/secure_bytes.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unistd.h>

namespace twcard::tests {

// Where a text stands in the memory of a process.
struct Found {
  bool in_locked_pages = false;
  bool elsewhere = false;
};

// Larger ones are a sanitizer's shadow, terabytes that are mapped and never used.
inline constexpr std::uintptr_t largest_range = 96U << 20;

inline bool range_holds(int memory, std::uintptr_t first, std::uintptr_t last, std::string_view needle) {
  std::string pages(last - first, '\0');
  const auto count = ::pread(memory, pages.data(), pages.size(), static_cast<off_t>(first));
  return count > 0 && ::memmem(pages.data(), static_cast<std::size_t>(count), needle.data(), needle.size()) != nullptr;
}

// Sanitizers make mlock() do nothing, here and in the program.
inline bool can_lock_memory() {
  const SecureBytes locked(1);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmLck:", 0) == 0) return line.find_first_of("123456789") != std::string::npos;
  return false;
}

// nullopt when this user may not look. Locked and left out of cores: "lo" and "dd" in the flags of proc(5), smaps.
inline std::optional<Found> find_in_memory(pid_t process, std::string_view needle) {
  const std::string folder = "/proc/" + std::to_string(process);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  std::ifstream maps(folder + "/smaps");
  if (memory < 0 || !maps) return std::nullopt;
  const bool lockable = can_lock_memory();
  Found found;
  bool holds = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &last, rights) == 3)
      holds = rights[0] == 'r' && last - first <= largest_range && range_holds(memory, first, last, needle);
    if (!holds || line.rfind("VmFlags:", 0) != 0) continue;
    const bool locked = (line.find(" lo") != std::string::npos || !lockable) && line.find(" dd") != std::string::npos;
    (locked ? found.in_locked_pages : found.elsewhere) = true;
  }
  ::close(memory);
  return found;
}

} // namespace twcard::tests
