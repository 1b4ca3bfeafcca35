// JSON-RPC 2.0 messages in frames. Source: docs/service-protocol.md.
#pragma once

#include "driver/base/error.hpp"
#include "rpc/frame.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <variant>

namespace twcard::rpc {

struct Request {
  std::uint64_t id = 0;
  std::string method;
  boost::json::object params;
  SecureBytes blob;
};

struct Reply {
  boost::json::object result;
  SecureBytes blob;
};

struct Notification {
  std::string method;
  boost::json::object params;
};

// What a client receives: the answer to a call, or a notification.
struct Response {
  std::uint64_t id = 0;
  std::variant<Reply, Error> outcome;
};

[[nodiscard]] Frame to_frame(Request&& request);
[[nodiscard]] Frame to_frame(std::uint64_t id, Reply&& reply);
[[nodiscard]] Frame to_frame(std::uint64_t id, const Error& error);
[[nodiscard]] Frame to_frame(const Notification& notification);

// Throws Error(BadRequest) for anything but JSON (depth 8) with a JSON-RPC 2.0 request that has an id.
[[nodiscard]] Request parse_request(Frame&& frame);
// Throws Error(Internal) for anything but a response or a notification.
[[nodiscard]] std::variant<Response, Notification> parse_incoming(Frame&& frame);

} // namespace twcard::rpc
