// Web origins and the hosts in them. Sources: RFC 6454 section 6.2 (ASCII serialisation), RFC 3986 section 3.2.2
// (hosts), the URL standard's host serialisation. Control C1 of SECURITY.md. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twcard::rpc {

inline constexpr std::size_t max_origin_size = 255;
inline constexpr std::size_t max_host_size = 253;

// The canonical ASCII serialisation of a web origin (lower case, no default port): https, or http://localhost[:port]
// for a developer. nullopt for everything else: "null", other schemes, user names, paths, an empty or impossible host
// or port, text that is not ASCII (an international name comes as xn--), an address that is not in its canonical form.
[[nodiscard]] std::optional<std::string> parse_origin(std::string_view text, bool developer);
// Whether this is an origin in that form; http://localhost[:port] is one.
[[nodiscard]] bool is_origin(std::string_view text);

// A host name, an IPv4 address or an IPv6 address in brackets, all in the one form that a browser sends.
[[nodiscard]] bool is_host(std::string_view host);
// ASCII letters only.
[[nodiscard]] std::string lower_case(std::string_view text);
// Where the colon before the port stands, behind the brackets of an IPv6 address; npos without a port.
[[nodiscard]] std::size_t port_colon(std::string_view authority);

} // namespace twcard::rpc
