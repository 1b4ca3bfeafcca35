// Whose process is at the other end of a loopback TCP connection. Control C14 of SECURITY.md: SO_PEERCRED tells nothing
// about TCP, but the kernel's tables name the user of every socket. Source: proc(5), /proc/net/tcp and tcp6.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace twcard::web {

// An IPv4 address stands in the last four octets, behind ::ffff:0:0/96.
struct TcpEnd {
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  friend bool operator==(const TcpEnd&, const TcpEnd&) = default;
};

// The user whose socket connects from `client` to `server` and is established; nullopt when no table has it, or when it
// would have to be looked for behind 65,536 lines. Reads files of the kernel's memory; does not block on anything else.
[[nodiscard]] std::optional<uid_t> user_of_connection(const TcpEnd& client, const TcpEnd& server,
                                                      const std::filesystem::path& tables = "/proc/self/net");

} // namespace twcard::web
