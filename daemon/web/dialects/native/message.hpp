// The native protocol's messages. Source: docs/protocol.md, "Messages". Pure: text in, values out, and back.
#pragma once

#include "driver/base/error.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::web {

struct NativeRequest {
  std::uint64_t id = 0; // 1 to 2^53 - 1
  boost::json::object message;
  // The members beside the id, looked at once the id is known, so that what is wrong with them can be answered. Both
  // throw Error(BadRequest).
  [[nodiscard]] std::string method() const;
  [[nodiscard]] boost::json::object params() const; // absent is empty
};

// nullopt for what is not a JSON object (depth 8) with a valid id: it cannot be answered.
[[nodiscard]] std::optional<NativeRequest> parse_native_request(std::string_view text);

[[nodiscard]] std::string native_answer(std::uint64_t id, const boost::json::object& result);
// The context of an error is for the page only where it speaks about the page's own request or about the profile that
// is missing: others could tell about this machine.
[[nodiscard]] std::string native_answer(std::uint64_t id, const Error& error);
// The event that a page receives for a service event; nullopt for the types that are not for pages.
[[nodiscard]] std::optional<std::string> native_event(const boost::json::object& service_event);

} // namespace twcard::web
