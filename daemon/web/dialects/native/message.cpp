#include "daemon/web/dialects/native/message.hpp"

#include "rpc/error_text.hpp"
#include "rpc/params.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::web {

namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 8;
constexpr std::int64_t max_id = (std::int64_t{1} << 53) - 1;
constexpr std::size_t max_method_size = 40;
constexpr std::array<std::string_view, 3> events_for_pages = {"card_inserted", "card_ready", "card_removed"};

// Text of a member; empty when it is something else.
std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

bool may_be_told(Errc code) {
  return code == Errc::BadRequest || code == Errc::ProfileMissing;
}

} // namespace

std::string NativeRequest::method() const {
  rpc::only_members(message, {"id", "method", "params"});
  return rpc::required_string(message, "method", max_method_size);
}

json::object NativeRequest::params() const {
  return rpc::optional_object(message, "params");
}

std::optional<NativeRequest> parse_native_request(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  auto value = json::parse({text.data(), text.size()}, failure, {}, options);
  if (failure || !value.is_object()) return std::nullopt;
  const auto* id = value.get_object().if_contains("id");
  if (id == nullptr || !id->is_int64() || id->get_int64() < 1 || id->get_int64() > max_id) return std::nullopt;
  const auto number = static_cast<std::uint64_t>(id->get_int64());
  return NativeRequest{number, std::move(value.get_object())};
}

std::string native_answer(std::uint64_t id, const json::object& result) {
  return json::serialize(json::object{{"id", id}, {"result", result}});
}

std::string native_answer(std::uint64_t id, const Error& error) {
  auto form = rpc::to_json(error);
  if (!may_be_told(error.code())) form.erase("detail");
  return json::serialize(json::object{{"id", id}, {"error", std::move(form)}});
}

std::optional<std::string> native_event(const json::object& service_event) {
  const auto type = text_of(service_event, "type");
  if (std::find(events_for_pages.begin(), events_for_pages.end(), type) == events_for_pages.end()) return std::nullopt;
  json::object card;
  if (const auto* seen = service_event.if_contains("card"); seen != nullptr && seen->is_object())
    if (const auto kind = text_of(seen->get_object(), "kind"); !kind.empty()) card["kind"] = kind;
  return json::serialize(json::object{{"event", type}, {"card", std::move(card)}});
}

} // namespace twcard::web
