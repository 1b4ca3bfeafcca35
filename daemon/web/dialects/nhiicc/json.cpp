#include "daemon/web/dialects/nhiicc/json.hpp"

#include <boost/json/parse.hpp>

namespace twcard::web {

namespace json = boost::json;

namespace {
constexpr std::size_t max_depth = 8;
}

std::optional<json::object> nhiicc_object(std::string_view text) {
  if (text.empty()) return json::object{};
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  auto value = json::parse(text, failure, {}, options);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<ScrubbedBytes> take_text(json::object& members, std::string_view name) {
  auto* value = members.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  auto& text = value->get_string();
  ScrubbedBytes taken(text.begin(), text.end());
  wipe(text.data(), text.size());
  return taken;
}

json::object to_json(const NhiiccAnswer& answer) {
  json::object all{{"result", answer.code}};
  for (const auto& [name, value] : answer.members) all[name] = value;
  return all;
}

} // namespace twcard::web
