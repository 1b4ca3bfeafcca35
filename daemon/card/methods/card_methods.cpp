#include "daemon/card/methods/card_methods.hpp"

#include "daemon/card/methods/json_forms.hpp"
#include "daemon/card/methods/request_params.hpp"
#include "daemon/card/nhi/reading.hpp"
#include "rpc/params.hpp"

namespace twcard::service {

namespace json = boost::json;
using rpc::Reply;
using rpc::Request;

const std::map<std::string_view, CardMethods::Method>& CardMethods::table() {
  static const std::map<std::string_view, Method> methods = {
      {"certificates", {Operation::Certificates, &CardMethods::certificates}},
      {"nhi.read", {Operation::NhiRead, &CardMethods::read_nhi}},
      {"nhi.authenticate", {Operation::NhiAuthenticate, &CardMethods::authenticate_nhi}},
      {"authenticate", {Operation::Authenticate, &CardMethods::authenticate}},
      {"sign", {Operation::Sign, &CardMethods::sign}},
      {"token.random", {Operation::Certificates, &CardMethods::random}},
      {"legacy.nhi_basic", {Operation::LegacyNhiRead, &CardMethods::legacy_basic}},
      {"legacy.nhi_encrypt_password", {Operation::LegacyNhiRead, &CardMethods::legacy_encrypt_password}},
      {"legacy.nhi_encrypt_basic", {Operation::LegacyNhiRead, &CardMethods::legacy_encrypt_basic}},
      {"legacy.nhi_sign", {Operation::LegacyNhiSign, &CardMethods::legacy_sign_nhi}},
      {"legacy.tokens", {Operation::LegacyTokens, &CardMethods::legacy_tokens}},
      {"legacy.sign", {Operation::LegacySign, &CardMethods::legacy_sign}},
      {"legacy.decrypt", {Operation::LegacyDecrypt, &CardMethods::legacy_decrypt}}};
  return methods;
}

CardMethods::Answer CardMethods::certificates(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader"});
  const bool for_site = request.question.caller.origin.has_value();
  auto answer = co_await m_signing.certificates(std::move(request));
  const auto& card = *answer;
  const auto tries = [this](const Snapshot& snapshot) { return m_keys.tries_left(snapshot); };
  json::object result{{"reader", card->reader},
                      {"card", card_form(*card, tries)},
                      {"certificates", certificates_form(card.snapshot(), for_site)}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::read_nhi(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "fields"});
  const auto fields = fields_of(call.params);
  request.question.fields = fields;
  auto answer = co_await service::read_nhi(m_permission, std::move(request));
  auto result = nhi_form(answer->record, fields);
  result["reader"] = answer->reader;
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::authenticate_nhi(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "challenge"});
  auto challenge = nonce_of(call.params, "challenge");
  auto answer = co_await m_nhi_signing.authenticate(std::move(request), std::move(challenge));
  json::object result{
      {"card_number", answer->of_site.card_number}, {"signed", answer->to_sign}, {"signature", answer->of_site.text}};
  co_return answer.as(Reply{std::move(result), {}});
}

CardMethods::Answer CardMethods::authenticate(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "nonce"});
  auto nonce = nonce_of(call.params, "nonce");
  auto answer = co_await m_signing.authenticate(std::move(request), std::move(nonce));
  json::object result{{"certificate", to_base64(answer->certificate)}, {"algorithm", "RS256"}};
  co_return answer.as(Reply{std::move(result), std::move(answer->signature)});
}

CardMethods::Answer CardMethods::sign(CardRequest request, Request call) {
  rpc::only_members(call.params, {"origin", "reader", "certificate", "hash_function"});
  auto certificate = rpc::required_base64(call.params, "certificate", card::max_certificate_octets);
  auto to_sign = hash_of(call);
  request.question.hash_function = std::move(to_sign.name);
  request.question.hash = std::move(to_sign.hash);
  auto answer = co_await m_signing.sign(std::move(request), std::move(certificate), to_sign.function);
  json::object result{{"algorithm", to_sign.algorithm}};
  co_return answer.as(Reply{std::move(result), std::move(*answer)});
}

CardMethods::Answer CardMethods::random(CardRequest request, Request call) {
  rpc::only_members(call.params, {"reader"});
  auto answer = co_await m_signing.random(std::move(request));
  co_return answer.as(Reply{{}, SecureBytes::copy_of(*answer)});
}

} // namespace twcard::service
