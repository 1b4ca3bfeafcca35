#include "daemon/card/methods/card_methods.hpp"

#include "daemon/card/keys/token_form.hpp"
#include "daemon/card/methods/json_forms.hpp"
#include "driver/card/nhi/big5.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace json = boost::json;
using rpc::Reply;
using rpc::Request;

namespace {

constexpr std::size_t random_characters = 20;
constexpr std::size_t max_key_name = 64;

// The old component pads a short text with NUL, so that printable characters may end early.
std::string random_of(const json::object& params) {
  auto random = rpc::required_string(params, "random", random_characters);
  const auto printable = [](char character) { return character >= ' ' && character <= '~'; };
  const auto padding = std::find(random.begin(), random.end(), '\0');
  if (random.size() != random_characters || !std::all_of(random.begin(), padding, printable) ||
      std::any_of(padding, random.end(), [](char character) { return character != '\0'; }))
    throw Error(Errc::BadRequest,
                "random: exactly 20 characters are required, printable ASCII padded with NUL where it is shorter");
  return random;
}

// Key and PIN of a request; what is left of its blob is what the key is to be used on.
LegacyKeys::Use take_use(Request& request) {
  LegacyKeys::Use use;
  use.key = rpc::optional_string(request.params, "key", max_key_name);
  if (!rpc::optional_flag(request.params, "page_pin")) {
    if (request.params.contains("pin_size")) throw Error(Errc::BadRequest, "pin_size: page_pin is missing");
    return use;
  }
  const auto most = static_cast<std::int64_t>(std::min(rpc::max_pin_octets, request.blob.size()));
  const auto size = static_cast<std::size_t>(rpc::required_number(request.params, "pin_size", 1, most));
  use.page_pin = Pin::take(SecureBytes::copy_of(request.blob.view().first(size)));
  request.blob = SecureBytes::copy_of(request.blob.view().subspan(size));
  return use;
}

card::DigestInfo hash_of(const json::object& params, ByteView octets) {
  const auto name = rpc::optional_string(params, "hash_function", rpc::max_hash_function_name);
  if (rpc::optional_flag(params, "digest_info") == name.has_value())
    throw Error(Errc::BadRequest, "hash_function: either it or digest_info is required");
  if (!name) {
    const auto info = card::parse_digest_info(octets);
    if (!info) throw Error(Errc::BadRequest, "blob: not a DigestInfo of SHA-1 or SHA-2 in DER");
    return *info;
  }
  const auto function = card::hash_function_of(*name);
  if (!function)
    throw Error(Errc::BadRequest, "hash_function: SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512 is required");
  if (octets.size() != card::hash_size(*function))
    throw Error(Errc::BadRequest, fmt::format("blob: a hash of {} octets is required", card::hash_size(*function)));
  return {*function, octets};
}

json::value token_value(const std::optional<ApprovedCard>& card, bool with_certificates, bool with_keys) {
  if (!card) return nullptr;
  const auto* snapshot = (*card)->snapshot();
  if (snapshot == nullptr || !has_keys(*snapshot)) return "unknown";
  json::object form{{"serial_number", snapshot->card_number}};
  if (with_certificates) form["certificates"] = certificates_for_pages(*snapshot);
  if (!with_keys) return form;
  json::array keys;
  const auto full = token_form(*snapshot);
  for (const auto& certificate : full.at("certificates").as_array())
    if (certificate.at("has_key").as_bool())
      keys.push_back(
          json::object{{"id", certificate.at("id")}, {"public_key_info", certificate.at("public_key_info")}});
  form["keys"] = std::move(keys);
  return form;
}

} // namespace

CardMethods::Answer CardMethods::legacy_basic(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader"});
  auto answer = co_await m_legacy_nhi.basic(std::move(request));
  const auto& [fields, termination] = *answer;
  const auto name = card::decode_big5(fields.name);
  json::object result{{"card_number", fields.card_number}, {"name", name.text},
                      {"name_uncertain", name.uncertain},  {"id_number", fields.id_number},
                      {"birth_date", fields.birth_date},   {"sex", fields.sex},
                      {"termination", termination}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::legacy_encrypt_password(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader"});
  auto answer = co_await m_legacy_nhi.encrypt_password(std::move(request), std::move(call.blob));
  json::object result{{"card_number", answer->card_number}, {"encrypted", answer->hex}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::legacy_encrypt_basic(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader"});
  auto answer = co_await m_legacy_nhi.encrypt_basic(std::move(request));
  json::object result{{"card_number", answer->card_number}, {"encrypted", answer->hex}, {"prefixed", answer->prefixed}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::legacy_sign_nhi(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "random"});
  auto random = random_of(call.params);
  auto answer = co_await m_nhi_signing.sign_as_asked(std::move(request), std::move(random));
  json::object result{{"card_number", answer->card_number}, {"signature", answer->text}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::legacy_tokens(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "certificates", "keys", "one"});
  const bool certificates = rpc::optional_flag(call.params, "certificates");
  const bool keys = rpc::optional_flag(call.params, "keys");
  const bool one = rpc::optional_flag(call.params, "one");
  auto answer = co_await m_legacy_keys.tokens(std::move(request), one);
  json::array readers;
  for (const auto& [name, card] : *answer)
    readers.push_back(json::object{{"name", name}, {"token", token_value(card, certificates, keys)}});
  json::object result{{"readers", std::move(readers)}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::legacy_sign(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "key", "hash_function", "digest_info", "page_pin", "pin_size"});
  auto use = take_use(call);
  const auto to_sign = hash_of(call.params, call.blob.view());
  request.question.hash_function = card::name_of(to_sign.function);
  request.question.hash = to_bytes(to_sign.hash);
  auto answer = co_await m_legacy_keys.sign(std::move(request), std::move(use), to_sign.function);
  json::object result{{"certificate", to_base64(answer->certificate)},
                      {"issuer_and_serial", to_base64(answer->issuer_and_serial)},
                      {"card_number", answer->card_number}};
  co_return answer.as(Reply{std::move(result), std::move(answer->signature)});
}

CardMethods::Answer CardMethods::legacy_decrypt(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "key", "page_pin", "pin_size"});
  auto use = take_use(call);
  if (call.blob.empty()) throw Error(Errc::BadRequest, "blob: there is nothing to decrypt");
  auto answer = co_await m_legacy_keys.decrypt(std::move(request), std::move(use), std::move(call.blob));
  json::object result{{"certificate", to_base64(answer->certificate)}};
  co_return answer.as(Reply{std::move(result), std::move(answer->plain)});
}

} // namespace twcard::service
