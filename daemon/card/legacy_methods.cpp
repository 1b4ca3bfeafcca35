#include "daemon/card/legacy_methods.hpp"

#include "driver/card/big5.hpp"
#include "rpc/params.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;
namespace json = boost::json;
using rpc::Reply;
using rpc::Request;

namespace {

constexpr std::size_t random_characters = 20;

std::string random_of(const json::object& params) {
  auto random = rpc::required_string(params, "random", random_characters);
  const auto printable = [](char character) { return character >= ' ' && character <= '~'; };
  if (random.size() != random_characters || !std::ranges::all_of(random, printable))
    throw Error(Errc::BadRequest, "random: exactly 20 printable ASCII characters are required");
  return random;
}

} // namespace

asio::awaitable<Reply> LegacyMethods::handle(Asking asking, Request request) {
  using Method = asio::awaitable<Reply> (LegacyMethods::*)(Asking, Request);
  static const std::map<std::string_view, Method> methods = {
      {"legacy.nhi_basic", &LegacyMethods::basic},
      {"legacy.nhi_encrypt_password", &LegacyMethods::encrypt_password},
      {"legacy.nhi_encrypt_basic", &LegacyMethods::encrypt_basic},
      {"legacy.nhi_sign", &LegacyMethods::sign_nhi}};
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
  auto encrypted = co_await m_nhi.encrypt_password(std::move(asking), std::move(request.blob));
  json::object result{{"encrypted", std::move(encrypted)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::encrypt_basic(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader"});
  const auto encrypted = co_await m_nhi.encrypt_basic(std::move(asking));
  json::object result{{"encrypted", encrypted.hex}, {"prefixed", encrypted.prefixed}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> LegacyMethods::sign_nhi(Asking asking, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "random"});
  auto random = random_of(request.params);
  const auto signature = co_await m_nhi_signing.sign_as_asked(std::move(asking), std::move(random));
  json::object result{{"card_number", signature.card_number}, {"signature", signature.text}};
  co_return Reply{std::move(result), {}};
}

} // namespace twcard::service
