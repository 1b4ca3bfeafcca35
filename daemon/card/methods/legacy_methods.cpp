#include "daemon/card/methods/legacy_methods.hpp"

#include "daemon/card/keys/token_form.hpp"
#include "daemon/card/readers/json_forms.hpp"
#include "driver/card/nhi/big5.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;
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

json::value token_value(const std::shared_ptr<const Token>& token, bool with_certificates, bool with_keys) {
  if (!token) return nullptr;
  const auto* snapshot = token->snapshot();
  if (snapshot == nullptr || !card::has_keys(snapshot->kind)) return "unknown";
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

asio::awaitable<Reply> LegacyMethods::handle(Asking asking, Request request) {
  using Method = asio::awaitable<Reply> (LegacyMethods::*)(Asking, Request);
  static const std::map<std::string_view, Method> methods = {
      {"legacy.nhi_basic", &LegacyMethods::basic},
      {"legacy.nhi_encrypt_password", &LegacyMethods::encrypt_password},
      {"legacy.nhi_encrypt_basic", &LegacyMethods::encrypt_basic},
      {"legacy.nhi_sign", &LegacyMethods::sign_nhi},
      {"legacy.tokens", &LegacyMethods::tokens},
      {"legacy.sign", &LegacyMethods::sign},
      {"legacy.decrypt", &LegacyMethods::decrypt}};
  if (!asking.caller.origin) throw Error(Errc::BadRequest, "origin: missing");
  const auto method = methods.at(request.method);
  return (this->*method)(std::move(asking), std::move(request));
}

asio::awaitable<Reply> LegacyMethods::basic(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader"});
  const auto [fields, termination] = co_await m_nhi.basic(std::move(asking));
  const auto name = card::decode_big5(fields.name);
  json::object result{{"card_number", fields.card_number}, {"name", name.text},
                      {"name_uncertain", name.uncertain},  {"id_number", fields.id_number},
                      {"birth_date", fields.birth_date},   {"sex", fields.sex},
                      {"termination", termination}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::encrypt_password(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader"});
  const auto encrypted = co_await m_nhi.encrypt_password(std::move(asking), std::move(request.blob));
  json::object result{{"card_number", encrypted.card_number}, {"encrypted", encrypted.hex}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::encrypt_basic(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader"});
  const auto encrypted = co_await m_nhi.encrypt_basic(std::move(asking));
  json::object result{
      {"card_number", encrypted.card_number}, {"encrypted", encrypted.hex}, {"prefixed", encrypted.prefixed}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::sign_nhi(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "random"});
  auto random = random_of(request.params);
  const auto signature = co_await m_nhi_signing.sign_as_asked(std::move(asking), std::move(random));
  json::object result{{"card_number", signature.card_number}, {"signature", signature.text}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::tokens(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "certificates", "keys", "one"});
  const bool certificates = rpc::optional_flag(request.params, "certificates");
  const bool keys = rpc::optional_flag(request.params, "keys");
  const bool one = rpc::optional_flag(request.params, "one");
  const auto entries = co_await m_keys.tokens(std::move(asking), one);
  json::array readers;
  for (const auto& [name, token] : entries)
    readers.push_back(json::object{{"name", name}, {"token", token_value(token, certificates, keys)}});
  json::object result{{"readers", std::move(readers)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::sign(Asking asking, Request request) {
  rpc::only_members(request.params,
                    {"origin", "reader", "key", "hash_function", "digest_info", "page_pin", "pin_size"});
  auto use = take_use(request);
  const auto to_sign = hash_of(request.params, request.blob.view());
  auto made = co_await m_keys.sign(std::move(asking), std::move(use), to_sign.function, to_bytes(to_sign.hash));
  json::object result{{"certificate", to_base64(made.certificate)},
                      {"issuer_and_serial", to_base64(made.issuer_and_serial)},
                      {"card_number", made.card_number}};
  co_return Reply{std::move(result), std::move(made.signature)};
}

asio::awaitable<Reply> LegacyMethods::decrypt(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "key", "page_pin", "pin_size"});
  auto use = take_use(request);
  if (request.blob.empty()) throw Error(Errc::BadRequest, "blob: there is nothing to decrypt");
  auto made = co_await m_keys.decrypt(std::move(asking), std::move(use), std::move(request.blob));
  json::object result{{"certificate", to_base64(made.certificate)}};
  co_return Reply{std::move(result), std::move(made.plain)};
}

} // namespace twcard::service
