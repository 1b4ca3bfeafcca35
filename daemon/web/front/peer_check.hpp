// Whose process is at the other end of a loopback TCP connection. Control C14 of SECURITY.md: SO_PEERCRED tells nothing
// about TCP, but the kernel's tables name the user of every socket.
#pragma once

#include "driver/base/tcp_table.hpp"

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace twcard::web {

// The user whose socket connects from `client` to `server` and is established; nullopt when no table has it within the
// limits of find_tcp_socket().
[[nodiscard]] std::optional<uid_t> user_of_connection(const TcpEnd& client, const TcpEnd& server,
                                                      const std::filesystem::path& tables = "/proc/self/net");

} // namespace twcard::web
