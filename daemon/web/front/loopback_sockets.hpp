// The listening sockets of twcard-web: 127.0.0.1 and [::1] at one port, and nothing else (control C27 of SECURITY.md).
// Both, since whoever holds one of them cannot keep another program from taking the other.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <vector>

namespace twcard::web {

inline constexpr std::uint16_t default_port = 25120;

// The sockets that systemd passed (LISTEN_FDS), else new ones; port 0 is one that is free at both addresses. Without
// IPv6 on this machine there is nobody at [::1] and the first socket is enough.
// Throws Error(ServiceUnavailable) when an address is taken, or when something else than these sockets was passed.
[[nodiscard]] std::vector<boost::asio::ip::tcp::acceptor> loopback_sockets(const boost::asio::any_io_executor& executor,
                                                                           std::uint16_t port);

// New ones, whatever systemd passed. Throws as above.
[[nodiscard]] std::vector<boost::asio::ip::tcp::acceptor> bound_sockets(const boost::asio::any_io_executor& executor,
                                                                        std::uint16_t port);

} // namespace twcard::web
