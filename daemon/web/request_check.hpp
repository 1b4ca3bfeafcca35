// What is looked at before an HTTP request becomes a WebSocket connection. Controls C1 to C3 of SECURITY.md; the table
// is in docs/protocol.md, "Who may connect"; RFC 6455 section 4.2.1. Pure: no request has an effect here.
#pragma once

#include "daemon/web/origin_policy.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace twcard::web {

inline constexpr const char* native_subprotocol = "twcard.v1";

// The head of a request; the body is never read.
struct RequestHead {
  unsigned version = 11; // 10 * major + minor
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields; // in order, repeated ones repeated
};

// Answered with this status, without an upgrade.
struct Refusal {
  unsigned status = 400;
  const char* reason = "";
};

// May be upgraded, as far as the request itself tells.
struct Admission {
  std::string origin; // canonical
};

[[nodiscard]] std::variant<Refusal, Admission> check_request(const RequestHead& request, const HostNames& names,
                                                             std::uint16_t own_port, bool developer);

} // namespace twcard::web
