// Which program listens at a TCP port of this computer's own addresses. Source: proc(5): a socket has its user's number
// and an inode in the kernel's tables, and the program that has it links to that inode in /proc/PID/fd.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>

namespace twcard::cli {

struct PortHolder {
  enum class Kind { Nobody, TwcardWeb, Other };
  Kind kind = Kind::Nobody;
  // Of Other. A program of another user does not show its name to this one: it is empty then.
  std::string program;
  pid_t process = 0;
};

// Who keeps others from 127.0.0.1 and [::1] at this port: Other, when one of several is. twcard-web shows its sockets
// to nobody (control C17 of SECURITY.md), and is known as this user's process of that name which hides them.
[[nodiscard]] PortHolder holder_of(std::uint16_t port, const std::filesystem::path& proc = "/proc");

} // namespace twcard::cli
