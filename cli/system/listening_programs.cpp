#include "cli/system/listening_programs.hpp"

#include "driver/base/tcp_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace twcard::cli {

namespace {

namespace fs = std::filesystem;

constexpr auto own_program = "twcard-web";

struct Socket {
  uid_t user = 0;
  std::uint64_t inode = 0;
};

// Whether who listens there keeps others from 127.0.0.1 or [::1].
bool is_own_address(const std::array<std::uint8_t, 16>& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const auto are_zero = [](auto first, auto last) {
    return std::all_of(first, last, [](auto octet) { return octet == 0; });
  };
  if (std::equal(mapped.begin(), mapped.end(), address.begin()))
    return address[12] == 127 || are_zero(address.begin() + 12, address.end());
  return are_zero(address.begin(), address.end() - 1) && address[15] <= 1;
}

std::vector<Socket> listening_at(std::uint16_t port, const fs::path& tables) {
  std::vector<Socket> sockets;
  find_tcp_socket(tables, [&](const TcpSocket& socket) {
    if (socket.state == TcpState::Listening && socket.local.port == port && is_own_address(socket.local.address))
      sockets.push_back({socket.user, socket.inode});
    return false;
  });
  return sockets;
}

struct Process {
  pid_t number = 0;
  fs::path folder;
  std::string name;
};

std::optional<pid_t> process_number(const std::string& name) {
  pid_t number = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
  return failure == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

std::vector<Process> processes_in(const fs::path& proc) {
  std::vector<Process> processes;
  std::error_code error;
  for (fs::directory_iterator entry(proc, error), end; !error && entry != end; entry.increment(error))
    if (const auto number = process_number(entry->path().filename().string())) {
      Process process{*number, entry->path(), {}};
      std::ifstream comm(process.folder / "comm");
      std::getline(comm, process.name);
      processes.push_back(std::move(process));
    }
  return processes;
}

// nullopt: this user may not see.
std::optional<bool> has_socket(const Process& process, std::uint64_t inode) {
  std::error_code error;
  fs::directory_iterator entry(process.folder / "fd", error);
  if (error) return std::nullopt;
  const auto link = fmt::format("socket:[{}]", inode);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code failure;
    if (fs::read_symlink(entry->path(), failure) == link) return true;
    if (failure == std::errc::permission_denied) return std::nullopt;
  }
  return false;
}

bool is_of_user(const Process& process, uid_t user) {
  std::ifstream lines(process.folder / "status");
  for (std::string line; std::getline(lines, line);)
    if (constexpr std::string_view key = "Uid:"; line.starts_with(key)) {
      uid_t real = 0;
      std::istringstream words(line.substr(key.size()));
      return (words >> real) && real == user;
    }
  return false;
}

PortHolder holder_of(const Socket& socket, const std::vector<Process>& processes) {
  using Kind = PortHolder::Kind;
  bool hidden = false;
  for (const auto& process : processes) {
    const auto has = has_socket(process, socket.inode);
    if (has.value_or(false))
      return process.name == own_program ? PortHolder{Kind::TwcardWeb, {}, 0}
                                         : PortHolder{Kind::Other, process.name, process.number};
    hidden = hidden || (!has && process.name == own_program && is_of_user(process, socket.user));
  }
  return {hidden && socket.user == ::geteuid() ? Kind::TwcardWeb : Kind::Other, {}, 0};
}

} // namespace

PortHolder holder_of(std::uint16_t port, const fs::path& proc) {
  const auto sockets = listening_at(port, proc / "net");
  PortHolder holder;
  if (sockets.empty()) return holder;
  const auto processes = processes_in(proc);
  for (const auto& socket : sockets) {
    holder = holder_of(socket, processes);
    if (holder.kind == PortHolder::Kind::Other) return holder;
  }
  return holder;
}

} // namespace twcard::cli
