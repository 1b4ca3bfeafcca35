#include "rpc/params.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::rpc {

namespace json = boost::json;

namespace {

constexpr std::size_t max_shown_name = 40;

const json::value* member(const json::object& params, std::string_view name) {
  const auto* value = params.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string checked_text(const json::value& value, std::string_view name, std::size_t max_size) {
  if (!value.is_string()) throw Error(Errc::BadRequest, fmt::format("{}: text is required", name));
  const auto& text = value.get_string();
  if (text.size() > max_size)
    throw Error(Errc::BadRequest, fmt::format("{}: at most {} octets are allowed", name, max_size));
  return std::string(text);
}

} // namespace

std::string required_string(const json::object& params, std::string_view name, std::size_t max_size) {
  const auto* value = member(params, name);
  if (value == nullptr) throw Error(Errc::BadRequest, fmt::format("{}: missing", name));
  auto text = checked_text(*value, name, max_size);
  if (text.empty()) throw Error(Errc::BadRequest, fmt::format("{}: empty", name));
  return text;
}

std::optional<std::string> optional_string(const json::object& params, std::string_view name, std::size_t max_size) {
  const auto* value = member(params, name);
  if (value == nullptr) return std::nullopt;
  return checked_text(*value, name, max_size);
}

std::vector<std::string> required_strings(const json::object& params, std::string_view name, std::size_t max_count,
                                          std::size_t max_size) {
  const auto* value = member(params, name);
  if (value == nullptr) throw Error(Errc::BadRequest, fmt::format("{}: missing", name));
  if (!value->is_array()) throw Error(Errc::BadRequest, fmt::format("{}: an array is required", name));
  const auto& array = value->get_array();
  if (array.empty()) throw Error(Errc::BadRequest, fmt::format("{}: empty", name));
  if (array.size() > max_count)
    throw Error(Errc::BadRequest, fmt::format("{}: at most {} are allowed", name, max_count));
  std::vector<std::string> texts;
  texts.reserve(array.size());
  for (const auto& element : array) texts.push_back(checked_text(element, name, max_size));
  return texts;
}

bool optional_flag(const json::object& params, std::string_view name) {
  const auto* value = member(params, name);
  if (value == nullptr) return false;
  if (!value->is_bool()) throw Error(Errc::BadRequest, fmt::format("{}: not true or false", name));
  return value->get_bool();
}

std::int64_t required_number(const json::object& params, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = member(params, name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < least || value->get_int64() > most)
    throw Error(Errc::BadRequest, fmt::format("{}: a whole number from {} to {} is needed", name, least, most));
  return value->get_int64();
}

Bytes required_base64(const json::object& params, std::string_view name, std::size_t max_octets) {
  const auto text = required_string(params, name, (max_octets + 2) / 3 * 4);
  auto octets = from_base64(text);
  if (!octets) throw Error(Errc::BadRequest, fmt::format("{}: no base64 (RFC 4648 section 4, padded)", name));
  if (octets->size() > max_octets)
    throw Error(Errc::BadRequest, fmt::format("{}: at most {} octets are allowed", name, max_octets));
  return std::move(*octets);
}

json::object optional_object(const json::object& params, std::string_view name) {
  const auto* value = member(params, name);
  if (value == nullptr) return {};
  if (!value->is_object()) throw Error(Errc::BadRequest, fmt::format("{}: an object is required", name));
  return value->get_object();
}

void only_members(const json::object& params, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : params) {
    const std::string_view name = key;
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(Errc::BadRequest, fmt::format("{}: unknown member", name.substr(0, max_shown_name)));
  }
}

} // namespace twcard::rpc
