#include "cli/system/listening_programs.hpp"

#include <algorithm>
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
constexpr auto listening = "0A"; // TCP_LISTEN

struct Socket {
  uid_t user = 0;
  std::string inode;
};

// As the kernel writes it: the octets of each 32-bit word in the order of this machine's memory.
bool is_own_address(std::string_view address) {
  const bool any = address.find_first_not_of('0') == std::string_view::npos;
  const bool loopback_4 = address.size() == 8 && address.ends_with("7F");
  const bool mapped =
      address.starts_with("0000000000000000FFFF0000") && (address.ends_with("7F") || address.ends_with("00000000"));
  return any || loopback_4 || mapped || address == "00000000000000000000000001000000";
}

void add_sockets(std::vector<Socket>& sockets, const fs::path& table, std::uint16_t port) {
  std::ifstream lines(table);
  const auto wanted = fmt::format("{:04X}", port);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    std::string skipped;
    Socket socket;
    words >> number >> local >> remote >> state >> skipped >> skipped >> skipped >> socket.user >> skipped >>
        socket.inode;
    const auto colon = local.find(':');
    if (!words || colon == std::string::npos || state != listening || local.substr(colon + 1) != wanted) continue;
    if (is_own_address(std::string_view(local).substr(0, colon))) sockets.push_back(std::move(socket));
  }
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
std::optional<bool> has_socket(const Process& process, const std::string& inode) {
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
  std::vector<Socket> sockets;
  add_sockets(sockets, proc / "net/tcp", port);
  add_sockets(sockets, proc / "net/tcp6", port);
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
