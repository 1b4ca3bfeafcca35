// Which web origins may talk to us, and what a Host header may say. Controls C1 and C2 of SECURITY.md; sources: RFC
// 6454 section 6.2 (ASCII serialisation), RFC 3986 section 3.2.2 (hosts), the URL standard's host serialisation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace twcard::web {

inline constexpr std::size_t max_origin_size = 255;

// The canonical ASCII serialisation of a web origin (lower case, no default port): https, or http://localhost[:port]
// for a developer. nullopt for everything else: "null", other schemes, user names, paths, an empty or impossible host
// or port, text that is not ASCII (an international name comes as xn--), an address that is not in its canonical form.
[[nodiscard]] std::optional<std::string> parse_origin(std::string_view text, bool developer);

// The names under which a request may address us, so that a name which an attacker points at this machine is none.
class HostNames final {
public:
  // One more beside 127.0.0.1, [::1] and localhost, without a port; at most 253 characters. Throws Error(BadRequest)
  // for what is no host name or address.
  void add(std::string_view name);
  // Whether a Host header is one of the names, with our port.
  [[nodiscard]] bool include(std::string_view host, std::uint16_t port) const;

private:
  std::set<std::string, std::less<>> m_names{"127.0.0.1", "[::1]", "localhost"};
};

// The user's own list of sites that are to be turned away.
class OriginPolicy final {
public:
  // Throws Error(BadRequest) for what is no origin.
  void deny(std::string_view origin);
  [[nodiscard]] bool refuses(const std::string& canonical_origin) const { return m_denied.contains(canonical_origin); }

private:
  std::set<std::string> m_denied;
};

} // namespace twcard::web
