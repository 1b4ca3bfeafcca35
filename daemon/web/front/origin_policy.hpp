// Which web origins may talk to us, and what a Host header may say. Controls C1 and C2 of SECURITY.md.
#pragma once

#include "rpc/web_origin.hpp"

#include <cstdint>
#include <functional>
#include <set>

namespace twcard::web {

using rpc::max_origin_size;
using rpc::parse_origin;

// The names under which a request may address us, so that a name which an attacker points at this machine is not one of
// them.
class HostNames final {
public:
  // One more beside 127.0.0.1, [::1] and localhost, without a port; at most 253 characters. Throws Error(BadRequest)
  // for anything but a host name or address.
  void add(std::string_view name);
  // Whether a Host header is one of the names, with our port.
  [[nodiscard]] bool include(std::string_view host, std::uint16_t port) const;

private:
  std::set<std::string, std::less<>> m_names{"127.0.0.1", "[::1]", "localhost"};
};

// The user's own list of sites that are to be turned away.
class OriginPolicy final {
public:
  // Throws Error(BadRequest) for anything but an origin.
  void deny(std::string_view origin);
  [[nodiscard]] bool refuses(const std::string& canonical_origin) const { return m_denied.contains(canonical_origin); }

private:
  std::set<std::string> m_denied;
};

} // namespace twcard::web
