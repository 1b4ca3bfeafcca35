// What is looked at before an HTTP request is served. Controls C1 to C3 of SECURITY.md; the tables are in
// docs/protocol.md, "Who may connect", and docs/dialects/protocol.md; RFC 6455 section 4.2.1. Pure: no request has an
// effect here.
#pragma once

#include "daemon/web/front/origin_policy.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace twcard::web {

inline constexpr const char* native_subprotocol = "twcard.v1";

// What a listener serves; as it stands here, the native protocol.
struct RequestRules {
  HostNames names;
  bool developer = false; // http://localhost is also an origin; without meaning where `allowed` is given
  std::optional<std::set<std::string>> allowed; // exact origins in canonical form; absent: every web origin
  std::string web_socket_path = "/";            // empty: there is none
  std::string subprotocol = native_subprotocol; // empty: what is offered does not matter, and none is chosen
  bool plain_requests = false;                  // GET, POST and preflights are also served
};

using HeaderFields = std::vector<std::pair<std::string, std::string>>; // in order, repeated ones repeated

// The head of a request; nothing here reads a body.
struct RequestHead {
  unsigned version = 11; // 10 * major + minor
  std::string method;
  std::string target;
  HeaderFields fields;
};

// Answered with this status, without an upgrade.
struct Refusal {
  unsigned status = 400;
  const char* reason = "";
};

enum class RequestKind { WebSocket, Plain, Preflight };

// May be served, as far as the request itself tells.
struct Admission {
  std::string origin; // canonical; empty: a plain GET without one
  RequestKind kind = RequestKind::WebSocket;
};

[[nodiscard]] std::variant<Refusal, Admission> check_request(const RequestHead& request, const RequestRules& rules,
                                                             std::uint16_t own_port);
// Value of a field that is there exactly once, else an empty text.
[[nodiscard]] std::string_view only_value_of(const HeaderFields& fields, std::string_view name);

} // namespace twcard::web
