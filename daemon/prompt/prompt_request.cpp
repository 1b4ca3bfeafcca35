#include "daemon/prompt/prompt_request.hpp"

#include "rpc/params.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <utility>

namespace twcard::prompt {

namespace {

using boost::json::object;

constexpr std::size_t max_path_size = 4096;
constexpr std::size_t max_name_size = 256;
constexpr std::int64_t max_pin_size = 64;
constexpr std::size_t max_fields = 8;
constexpr std::size_t max_cards = 16;

[[noreturn]] void bad(std::string_view member, std::string_view what) {
  throw Error(Errc::BadRequest, std::string(member) + ": " + std::string(what));
}

template <typename Value, std::size_t Size>
Value value_named(const std::array<std::pair<std::string_view, Value>, Size>& table, std::string_view member,
                  std::string_view name) {
  const auto row = std::find_if(table.begin(), table.end(), [name](const auto& r) { return r.first == name; });
  if (row == table.end()) bad(member, "not a known name");
  return row->second;
}

constexpr std::array<std::pair<std::string_view, Operation>, 11> operations = {{
    {"nhi.read", Operation::ReadNhi},
    {"nhi.authenticate", Operation::AuthenticateNhi},
    {"certificates", Operation::Certificates},
    {"authenticate", Operation::Authenticate},
    {"sign", Operation::Sign},
    {"login", Operation::Login},
    {"legacy.nhi_read", Operation::LegacyReadNhi},
    {"legacy.nhi_sign", Operation::LegacySignNhi},
    {"legacy.tokens", Operation::LegacyTokens},
    {"legacy.sign", Operation::LegacySign},
    {"legacy.decrypt", Operation::LegacyDecrypt},
}};

constexpr std::array<std::pair<std::string_view, Field>, 7> field_names = {{
    {"card_number", Field::CardNumber},
    {"name", Field::Name},
    {"id_number", Field::IdNumber},
    {"birth_date", Field::BirthDate},
    {"sex", Field::Sex},
    {"issue_date", Field::IssueDate},
    {"termination", Field::Termination},
}};

Caller caller_of(const object& params) {
  const auto member = rpc::optional_object(params, "caller");
  if (member.empty()) bad("caller", "missing");
  Caller caller;
  caller.origin = rpc::optional_string(member, "origin", max_origin_size).value_or("");
  constexpr auto of_origins = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:/[]";
  if (caller.origin.find_first_not_of(of_origins) != std::string::npos)
    bad("origin", "not an origin in its ASCII form");
  if (!caller.origin.empty()) return caller;
  caller.program = rpc::required_string(member, "program", max_path_size);
  caller.pid = rpc::required_number(member, "pid", 0, std::numeric_limits<std::int32_t>::max());
  return caller;
}

CardPlace place_in(const object& card) {
  const auto text = [&card](std::string_view name) {
    return rpc::optional_string(card, name, max_name_size).value_or("");
  };
  return {text("kind"), text("holder"), text("reader"), text("owner")};
}

std::optional<CardPlace> card_of(const object& params) {
  const auto member = rpc::optional_object(params, "card");
  if (member.empty()) return std::nullopt;
  return place_in(member);
}

std::vector<CardPlace> cards_of(const object& params) {
  const auto* member = params.if_contains("cards");
  const auto* array = member == nullptr ? nullptr : member->if_array();
  if (array == nullptr || array->empty() || array->size() > max_cards) bad("cards", "1 to 16 cards are needed");
  std::vector<CardPlace> cards;
  for (const auto& card : *array) {
    if (!card.is_object()) bad("cards", "not objects");
    cards.push_back(place_in(card.get_object()));
  }
  return cards;
}

// These become environment variables and unescaped Assuan options.
std::optional<std::string> setting_of(const object& ui, std::string_view name) {
  auto value = rpc::optional_string(ui, name, max_name_size);
  if (!value || value->empty()) return std::nullopt;
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; };
  if (!std::all_of(value->begin(), value->end(), printable)) bad(name, "a control character in it");
  return value;
}

Surface surface_of(const object& params) {
  const auto ui = rpc::optional_object(params, "ui");
  return {setting_of(ui, "language"),   setting_of(ui, "display"), setting_of(ui, "wayland_display"),
          setting_of(ui, "xauthority"), setting_of(ui, "tty"),     setting_of(ui, "term")};
}

Operation operation_of(const object& params, const Caller& caller) {
  const auto operation = value_named(operations, "operation", rpc::required_string(params, "operation", max_name_size));
  if (is_legacy(operation) && caller.origin.empty()) bad("origin", "missing");
  return operation;
}

void read_hash(const object& params, ConsentRequest& request) {
  request.hash_function = rpc::required_string(params, "hash_function", max_name_size);
  const auto hash = from_hex(rpc::required_string(params, "hash", 128));
  if (!hash || hash->size() < 20) bad("hash", "20 to 64 octets in hexadecimal are needed");
  request.hash = *hash;
}

} // namespace

ConsentRequest consent_request_of(const object& params) {
  ConsentRequest request;
  request.caller = caller_of(params);
  request.operation = operation_of(params, request.caller);
  if (request.operation == Operation::ReadNhi)
    for (const auto& name : rpc::required_strings(params, "fields", max_fields, max_name_size))
      request.fields.push_back(value_named(field_names, "fields", name));
  if (request.operation == Operation::Sign || request.operation == Operation::LegacySign) read_hash(params, request);
  request.may_be_remembered = rpc::optional_flag(params, "remember");
  if (request.may_be_remembered && (request.caller.origin.empty() || !is_reading(request.operation)))
    bad("remember", "only a site's reading may be remembered");
  request.card = card_of(params);
  request.surface = surface_of(params);
  return request;
}

PinRequest pin_request_of(const object& params) {
  PinRequest request;
  request.caller = caller_of(params);
  request.operation = operation_of(params, request.caller);
  request.card = card_of(params);
  if (const auto* tries = params.if_contains("tries_left"); tries != nullptr && !tries->is_null())
    request.tries_left = static_cast<int>(rpc::required_number(params, "tries_left", 0, 255));
  request.min_length = static_cast<std::size_t>(rpc::required_number(params, "min_length", 1, max_pin_size));
  request.max_length = static_cast<std::size_t>(
      rpc::required_number(params, "max_length", static_cast<std::int64_t>(request.min_length), max_pin_size));
  request.surface = surface_of(params);
  return request;
}

LastTryRequest last_try_request_of(const object& params) {
  return {caller_of(params), card_of(params), surface_of(params)};
}

CardRequest card_request_of(const object& params) {
  return {caller_of(params), cards_of(params), surface_of(params)};
}

} // namespace twcard::prompt
