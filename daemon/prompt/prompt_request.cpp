#include "daemon/prompt/prompt_request.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace twcard::prompt {

namespace {

using boost::json::object;

constexpr std::size_t max_name_size = 256;
constexpr std::size_t max_fields = 8;
constexpr auto max_pin = static_cast<std::int64_t>(rpc::max_pin_octets);

[[noreturn]] void bad(std::string_view member, std::string_view what) {
  throw Error(Errc::BadRequest, std::string(member) + ": " + std::string(what));
}

std::optional<CardPlace> card_of(const object& params) {
  const auto member = rpc::optional_object(params, "card");
  if (member.empty()) return std::nullopt;
  return rpc::card_place_in(member);
}

std::vector<CardPlace> cards_of(const object& params) {
  const auto* member = params.if_contains("cards");
  const auto* array = member == nullptr ? nullptr : member->if_array();
  if (array == nullptr || array->empty() || array->size() > rpc::max_cards_to_choose)
    bad("cards", "1 to 16 cards are needed");
  std::vector<CardPlace> cards;
  for (const auto& card : *array) {
    if (!card.is_object()) bad("cards", "not objects");
    cards.push_back(rpc::card_place_in(card.get_object()));
  }
  return cards;
}

// These become environment variables and unescaped Assuan options. For a site only the language counts: a program that
// gives itself out as twcard-web could have the prompt on a terminal or display of its own, and answer it.
Surface surface_of(const object& params, const Caller& caller) {
  for (const auto& [name, value] : rpc::optional_object(params, "ui")) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (value.is_string() && std::ranges::any_of(value.get_string(), is_control))
      bad(name, "a control character in it");
  }
  auto surface = rpc::surface_in(params);
  if (!caller.origin) return surface;
  Surface of_a_site;
  of_a_site.language = std::move(surface.language);
  return of_a_site;
}

Operation operation_of(const object& params, const Caller& caller) {
  const auto operation = rpc::operation_named(rpc::required_string(params, "operation", max_name_size));
  if (!operation) bad("operation", "not a known name");
  if (is_legacy(*operation) && !caller.origin) bad("origin", "missing");
  return *operation;
}

std::vector<NhiField> fields_of(const object& params) {
  std::vector<NhiField> fields;
  for (const auto& name : rpc::required_strings(params, "fields", max_fields, max_name_size)) {
    const auto field = rpc::nhi_field_named(name);
    if (!field) bad("fields", "not a known name");
    fields.push_back(*field);
  }
  return fields;
}

void read_hash(const object& params, ConsentRequest& request) {
  request.hash_function = rpc::required_string(params, "hash_function", max_name_size);
  const auto hash = from_hex(rpc::required_string(params, "hash", 2 * rpc::max_hash_octets));
  if (!hash || hash->size() < rpc::min_hash_octets) bad("hash", "20 to 64 octets in hexadecimal are needed");
  request.hash = *hash;
}

} // namespace

ConsentRequest consent_request_of(const object& params) {
  ConsentRequest request;
  request.caller = rpc::caller_in(params);
  request.operation = operation_of(params, request.caller);
  if (request.operation == Operation::NhiRead) request.fields = fields_of(params);
  if (has_hash(request.operation)) read_hash(params, request);
  request.may_be_remembered = rpc::optional_flag(params, "remember");
  if (request.may_be_remembered && (!request.caller.origin || !is_reading(request.operation)))
    bad("remember", "only a site's reading may be remembered");
  request.card = card_of(params);
  request.surface = surface_of(params, request.caller);
  return request;
}

PinRequest pin_request_of(const object& params) {
  PinRequest request;
  request.caller = rpc::caller_in(params);
  request.operation = operation_of(params, request.caller);
  request.card = card_of(params);
  if (const auto* tries = params.if_contains("tries_left"); tries != nullptr && !tries->is_null())
    request.tries_left = static_cast<int>(rpc::required_number(params, "tries_left", 0, 255));
  request.min_length = static_cast<std::size_t>(rpc::required_number(params, "min_length", 1, max_pin));
  request.max_length = static_cast<std::size_t>(
      rpc::required_number(params, "max_length", static_cast<std::int64_t>(request.min_length), max_pin));
  request.surface = surface_of(params, request.caller);
  return request;
}

LastTryRequest last_try_request_of(const object& params) {
  auto caller = rpc::caller_in(params);
  auto surface = surface_of(params, caller);
  return {std::move(caller), card_of(params), std::move(surface)};
}

CardRequest card_request_of(const object& params) {
  auto caller = rpc::caller_in(params);
  auto surface = surface_of(params, caller);
  return {std::move(caller), cards_of(params), std::move(surface)};
}

} // namespace twcard::prompt
