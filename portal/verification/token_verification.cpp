#include "portal/verification/token_verification.hpp"

#include "driver/crypto/digest.hpp"
#include "portal/verification/refusal.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace twcard::portal {
namespace {

constexpr std::size_t max_token_text = 32768;
constexpr std::size_t max_certificate_text = 16384;
constexpr std::size_t min_signature = 256;
constexpr std::size_t max_signature = 1024;
constexpr std::size_t id_number_ending = 4;
// Organisation of the roots that twcard-sim makes: what is signed under them is marked on the page.
constexpr std::string_view simulator = "twcard simulator";

std::string_view text_member(const boost::json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  if (!member || !member->is_string()) throw Refusal(Reason::TokenMalformed, std::string(name));
  const auto& text = member->get_string();
  return {text.data(), text.size()};
}

Bytes octets_member(const boost::json::object& object, std::string_view name, std::size_t max_text) {
  const auto text = text_member(object, name);
  if (text.size() > max_text) throw Refusal(Reason::TokenMalformed, std::string(name) + ": too long");
  auto octets = from_base64(text);
  if (!octets) throw Refusal(Reason::TokenMalformed, std::string(name) + ": not base64");
  return std::move(*octets);
}

} // namespace

LoginToken parse_login_token(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (!object) throw Refusal(Reason::TokenMalformed, "token: not an object");
  if (text_member(*object, "format") != "web-eid:1.0") throw Refusal(Reason::TokenFormat);
  if (text_member(*object, "algorithm") != "RS256") throw Refusal(Reason::TokenAlgorithm);

  auto signature = octets_member(*object, "signature", max_signature * 4 / 3 + 4);
  if (signature.size() < min_signature || signature.size() > max_signature) {
    throw Refusal(Reason::TokenMalformed, "signature: size");
  }
  const auto der = octets_member(*object, "unverifiedCertificate", max_certificate_text);
  return {Certificate::from_der(der), std::move(signature)};
}

LoginToken parse_login_token_text(std::string_view text) {
  if (text.size() > max_token_text) throw Refusal(Reason::TokenMalformed, "token: too long");
  boost::json::error_code error;
  const auto json = boost::json::parse(text, error);
  if (error) throw Refusal(Reason::TokenMalformed, "token: no JSON");
  return parse_login_token(json);
}

CardHolder verify_login(const LoginToken& token, const LoginExpectation& expectation, TrustStore& trust) {
  const auto& certificate = token.certificate;
  if (!certificate.is_for_signatures()) throw Refusal(Reason::CertificateUsage);
  const auto anchor = trust.check(certificate, expectation.now);

  auto message = crypto::sha256(as_bytes(expectation.origin));
  const auto nonce = crypto::sha256(as_bytes(expectation.nonce));
  message.insert(message.end(), nonce.begin(), nonce.end());
  if (!certificate.verifies(message, token.signature)) throw Refusal(Reason::SignatureInvalid);

  const auto ending = certificate.id_number_ending();
  auto serial_number = certificate.subject_serial_number();
  if (!ending || ending->size() != id_number_ending || serial_number.empty()) {
    throw Refusal(Reason::CertificateProfile);
  }
  if (!expectation.id_number.ends_with(*ending)) throw Refusal(Reason::IdMismatch);
  return {certificate.common_name(), std::move(serial_number), anchor.organisation() == simulator};
}

} // namespace twcard::portal
