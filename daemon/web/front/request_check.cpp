#include "daemon/web/front/request_check.hpp"

#include "driver/base/bytes.hpp"

#include <algorithm>
#include <string_view>

namespace twcard::web {

namespace {

constexpr std::size_t key_octets = 16;

bool same_letters(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letters);
}

std::vector<std::string_view> values_of(const HeaderFields& fields, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [field, value] : fields)
    if (same_ignoring_case(field, name)) values.emplace_back(value);
  return values;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

// Whether one of the comma-separated tokens of the field is `token`.
bool lists(const RequestHead& request, std::string_view name, std::string_view token, bool ignore_case) {
  for (auto rest : values_of(request.fields, name)) {
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const auto item = trimmed(rest.substr(0, comma));
      if (ignore_case ? same_ignoring_case(item, token) : item == token) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

bool is_upgrade(const RequestHead& request) {
  return request.method == "GET" && lists(request, "Upgrade", "websocket", true) &&
         lists(request, "Connection", "Upgrade", true);
}

bool has_body(const RequestHead& request) {
  return !values_of(request.fields, "Content-Length").empty() ||
         !values_of(request.fields, "Transfer-Encoding").empty();
}

// The one origin of the request, in canonical form, if it may ask at all.
std::optional<std::string> admitted_origin(const RequestHead& request, const RequestRules& rules) {
  // Which of them are https was settled when the list was made.
  auto origin = parse_origin(only_value_of(request.fields, "Origin"), rules.developer || rules.allowed);
  if (origin && rules.allowed && !rules.allowed->contains(*origin)) return std::nullopt;
  return origin;
}

// A page of another site has it as an image, a script or a frame. W3C Fetch Metadata, which browsers send to localhost.
bool is_embedded(const RequestHead& request) {
  const auto site = only_value_of(request.fields, "Sec-Fetch-Site");
  const bool of_others = site == "cross-site" || site == "same-site";
  return of_others && only_value_of(request.fields, "Sec-Fetch-Dest") != "document";
}

constexpr Refusal other_origin{403, "this origin is not served"};

std::variant<Refusal, Admission> check_upgrade(const RequestHead& request, const RequestRules& rules) {
  const auto origin = admitted_origin(request, rules);
  if (!origin) return other_origin;
  if (only_value_of(request.fields, "Sec-WebSocket-Version") != "13") return Refusal{426, "WebSocket version 13 only"};
  const auto key = from_base64(only_value_of(request.fields, "Sec-WebSocket-Key"));
  if (!key || key->size() != key_octets || has_body(request)) return Refusal{400, "not a WebSocket handshake"};
  if (!rules.subprotocol.empty() && !lists(request, "Sec-WebSocket-Protocol", rules.subprotocol, false))
    return Refusal{400, "the subprotocol twcard.v1 is needed"};
  return Admission{*origin, RequestKind::WebSocket};
}

std::variant<Refusal, Admission> check_plain(const RequestHead& request, const RequestRules& rules) {
  const bool preflight = request.method == "OPTIONS";
  if (!preflight && request.method != "GET" && request.method != "POST") return Refusal{405, "GET or POST"};
  // Installed, it would answer in our place from then on. No page has one of ours.
  if (!values_of(request.fields, "Service-Worker").empty()) return Refusal{403, "not for a service worker"};
  // A browser leaves it out only where a page gets nothing to read: navigations and images.
  if (request.method == "GET" && values_of(request.fields, "Origin").empty()) {
    if (is_embedded(request)) return Refusal{403, "not within a page of another site"};
    return Admission{{}, RequestKind::Plain};
  }
  const auto origin = admitted_origin(request, rules);
  if (!origin) return other_origin;
  return Admission{*origin, preflight ? RequestKind::Preflight : RequestKind::Plain};
}

} // namespace

std::string_view only_value_of(const HeaderFields& fields, std::string_view name) {
  const auto values = values_of(fields, name);
  return values.size() == 1 ? values.front() : std::string_view();
}

std::variant<Refusal, Admission> check_request(const RequestHead& request, const RequestRules& rules,
                                               std::uint16_t own_port) {
  if (request.version != 11) return Refusal{400, "HTTP/1.1 is needed"};
  if (!rules.names.include(only_value_of(request.fields, "Host"), own_port))
    return Refusal{403, "this host is not served here"};
  const bool upgrade = is_upgrade(request);
  if (rules.plain_requests && !upgrade) return check_plain(request, rules);
  if (rules.web_socket_path.empty() || request.target != rules.web_socket_path) return Refusal{404, "nothing here"};
  if (!upgrade) return Refusal{426, "WebSocket only"};
  return check_upgrade(request, rules);
}

} // namespace twcard::web
