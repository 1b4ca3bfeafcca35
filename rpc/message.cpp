#include "rpc/message.hpp"

#include "rpc/error_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace twcard::rpc {

namespace json = boost::json;

namespace {

constexpr int service_error = -32000; // JSON-RPC 2.0 section 5.1: the range of servers' own errors

Frame framed(const json::object& message, SecureBytes blob) {
  Frame frame{json::serialize(message), std::move(blob)};
  static_cast<void>(frame.header());
  return frame;
}

json::object parse(const std::string& text, Errc code) {
  json::parse_options options;
  options.max_depth = max_json_depth;
  boost::system::error_code failure;
  auto value = json::parse(text, failure, {}, options);
  if (failure) throw Error(code, "no JSON: " + failure.message());
  auto* object = value.if_object();
  if (object == nullptr) throw Error(code, "no JSON object");
  const auto* version = object->if_contains("jsonrpc");
  if (version == nullptr || !version->is_string() || version->get_string() != "2.0")
    throw Error(code, "no JSON-RPC 2.0 message");
  return std::move(*object);
}

// A whole number that is not negative, whichever way the parser keeps it.
std::optional<std::uint64_t> whole_number(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
  return std::nullopt;
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object object_at(json::object& object, std::string_view name, Errc code) {
  auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_object()) throw Error(code, std::string(name) + " is not an object");
  return std::move(value->get_object());
}

Error error_of(json::object& error) {
  const auto message = text_at(error, "message");
  const auto data = object_at(error, "data", Errc::Internal);
  const auto detail = text_at(data, "detail");
  if (auto step = text_at(data, "step"); !step.empty())
    return {errc_of(text_at(data, "code")), detail.empty() ? message : detail, std::move(step)};
  std::optional<int> tries_left;
  if (const auto tries = whole_number(data.if_contains("tries_left")); tries && *tries <= 15)
    tries_left = static_cast<int>(*tries);
  return {errc_of(text_at(data, "code")), detail.empty() ? message : detail, tries_left};
}

} // namespace

Frame to_frame(Request&& request) {
  return framed(
      {{"jsonrpc", "2.0"}, {"id", request.id}, {"method", request.method}, {"params", std::move(request.params)}},
      std::move(request.blob));
}

Frame to_frame(std::uint64_t id, Reply&& reply) {
  return framed({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(reply.result)}}, std::move(reply.blob));
}

Frame to_frame(std::uint64_t id, const Error& error) {
  json::object body{{"code", service_error}, {"message", text_of(error, Language::English)}, {"data", to_json(error)}};
  return framed({{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(body)}}, {});
}

Frame to_frame(const Notification& notification) {
  return framed({{"jsonrpc", "2.0"}, {"method", notification.method}, {"params", notification.params}}, {});
}

Request parse_request(Frame&& frame) {
  auto message = parse(frame.json, Errc::BadRequest);
  const auto id = whole_number(message.if_contains("id"));
  if (!id || *id == 0) throw Error(Errc::BadRequest, "id: a whole number from 1 on is required");
  auto method = text_at(message, "method");
  if (method.empty()) throw Error(Errc::BadRequest, "method: text is required");
  auto params = object_at(message, "params", Errc::BadRequest);
  return {*id, std::move(method), std::move(params), std::move(frame.blob)};
}

std::variant<Response, Notification> parse_incoming(Frame&& frame) {
  auto message = parse(frame.json, Errc::Internal);
  const auto id = whole_number(message.if_contains("id"));
  if (!id) {
    auto method = text_at(message, "method");
    if (method.empty()) throw Error(Errc::Internal, "neither a response nor a notification");
    return Notification{std::move(method), object_at(message, "params", Errc::Internal)};
  }
  if (message.contains("error")) {
    auto error = object_at(message, "error", Errc::Internal);
    return Response{*id, error_of(error)};
  }
  if (!message.contains("result")) throw Error(Errc::Internal, "response without result and error");
  return Response{*id, Reply{object_at(message, "result", Errc::Internal), std::move(frame.blob)}};
}

} // namespace twcard::rpc
