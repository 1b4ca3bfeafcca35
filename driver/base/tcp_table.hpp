// The kernel's tables of TCP sockets. Source: proc(5), /proc/net/tcp and tcp6.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <sys/types.h>

namespace twcard {

// An IPv4 address stands in the last four octets, behind ::ffff:0:0/96.
struct TcpEnd {
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  friend bool operator==(const TcpEnd&, const TcpEnd&) = default;
};

enum class TcpState : std::uint8_t { Established = 0x01, Listening = 0x0A }; // of those in include/net/tcp_states.h

struct TcpSocket {
  TcpEnd local;
  TcpEnd remote;
  TcpState state{};
  uid_t user = 0;
  std::uint64_t inode = 0; // what /proc/PID/fd links to; 0: no process has it
};

// Visits the sockets of both tables in `folder` until `wanted` says true; false when it never does. A line that is not
// of this form is passed over; what stands behind 65,536 lines of a table is not looked at. Reads the kernel's memory
// and does not block on anything else.
bool find_tcp_socket(const std::filesystem::path& folder, const std::function<bool(const TcpSocket&)>& wanted);

} // namespace twcard
