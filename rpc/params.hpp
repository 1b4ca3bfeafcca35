// Checked access to the members of a request's params. Every function throws Error(BadRequest) that names the member
// and what is wrong with it.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twcard::rpc {

[[nodiscard]] std::string required_string(const boost::json::object& params, std::string_view name,
                                          std::size_t max_size);
// Absent or null is nullopt.
[[nodiscard]] std::optional<std::string> optional_string(const boost::json::object& params, std::string_view name,
                                                         std::size_t max_size);
[[nodiscard]] std::vector<std::string> required_strings(const boost::json::object& params, std::string_view name,
                                                        std::size_t max_count, std::size_t max_size);
// Absent or null is false.
[[nodiscard]] bool optional_flag(const boost::json::object& params, std::string_view name);
[[nodiscard]] std::int64_t required_number(const boost::json::object& params, std::string_view name, std::int64_t least,
                                           std::int64_t most);
[[nodiscard]] Bytes required_base64(const boost::json::object& params, std::string_view name, std::size_t max_octets);
// Absent or null is an empty object.
[[nodiscard]] boost::json::object optional_object(const boost::json::object& params, std::string_view name);
// Refuses members that the method does not know, so that a misspelt one is not silently ignored.
void only_members(const boost::json::object& params, std::initializer_list<std::string_view> known);

} // namespace twcard::rpc
