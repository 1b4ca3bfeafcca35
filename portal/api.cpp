#include "portal/api.hpp"

#include "driver/base/log.hpp"
#include "portal/relying_party.hpp"
#include "portal/server/assets.hpp"
#include "portal/verification/refusal.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

namespace twcard::portal {
namespace {

namespace json = boost::json;

// The __Host- prefix makes browsers insist on Secure, Path=/ and no Domain.
constexpr std::string_view cookie_name = "__Host-session";
constexpr std::string_view cookie_attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";
constexpr std::size_t max_depth = 8;

// Where the old component listens for its pages (docs/dialects/protocol.md).
constexpr std::string_view old_component = "wss://localhost:7777 wss://iccert.nhi.gov.tw:7777";
constexpr std::string_view old_page = "/nhiicc";

std::string content_policy(std::string_view card_service) {
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' " +
         std::string(card_service) + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

std::string_view path_of(const HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

std::string_view session_of(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find("; "), cookies.size());
    const auto cookie = cookies.substr(0, end);
    if (cookie.size() > cookie_name.size() && cookie.starts_with(cookie_name) && cookie[cookie_name.size()] == '=') {
      return cookie.substr(cookie_name.size() + 1);
    }
    cookies.remove_prefix(std::min(end + 2, cookies.size()));
  }
  return {};
}

void set_cookie(HttpResponse& response, std::string_view session) {
  response.headers.emplace_back("Set-Cookie",
                                std::string(cookie_name) + "=" + std::string(session) + std::string(cookie_attributes));
}

unsigned status_of(Reason reason) {
  switch (reason) {
  case Reason::BadRequest:
  case Reason::TokenMalformed:
  case Reason::CertificateMalformed:
  case Reason::ProofMalformed: return 400;
  case Reason::NotSignedIn: return 401;
  case Reason::NotFound: return 404;
  case Reason::MethodNotAllowed: return 405;
  case Reason::TooLarge: return 413;
  case Reason::MediaType: return 415;
  case Reason::IdNumberInvalid:
  case Reason::FieldInvalid:
  case Reason::PasswordUnfit: return 422;
  case Reason::TooManyTries: return 429;
  case Reason::Internal: return 500;
  case Reason::Busy:
  case Reason::RevocationUnknown: return 503;
  case Reason::OriginRefused:
  case Reason::ChallengeMissing:
  case Reason::ChallengeExpired:
  case Reason::TokenFormat:
  case Reason::TokenAlgorithm:
  case Reason::SignatureInvalid:
  case Reason::CertificateUntrusted:
  case Reason::CertificateExpired:
  case Reason::CertificateNotYetValid:
  case Reason::CertificateUsage:
  case Reason::CertificateProfile:
  case Reason::CertificateRevoked:
  case Reason::IdMismatch:
  case Reason::ProofUsed:
  case Reason::AccountMissing:
  case Reason::PasswordWrong: return 403;
  }
  return 500;
}

HttpResponse json_response(const json::value& value, unsigned status = 200) {
  return {status, "application/json", json::serialize(value), {}};
}

HttpResponse error_response(Reason reason, std::string_view detail = {}) {
  const auto text = text_of(reason);
  json::object error{{"code", name_of(reason)}, {"message", {{"en", text.en}, {"zh-TW", text.zh}}}};
  if (!detail.empty()) error["detail"] = detail;
  return json_response(json::object{{"error", std::move(error)}}, status_of(reason));
}

json::value parse(std::string_view body) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::error_code error;
  auto value = json::parse(json::string_view(body.data(), body.size()), error, {}, options);
  if (error) throw Refusal(Reason::BadRequest, "JSON");
  return value;
}

json::object to_json(const CardHolder& holder) {
  return {{"name", holder.name}, {"serialNumber", holder.serial_number}, {"simulated", holder.simulated}};
}

HttpResponse signed_in(const RelyingParty::Login& login) {
  auto response = json_response(json::object{{"holder", to_json(login.holder)}});
  set_cookie(response, login.session);
  return response;
}

// A member of a request; null, or empty, when it is missing: that is refused where the challenge has been used up, so
// that a malformed login costs its challenge too.
json::value member(const json::value& body, std::string_view name) {
  const auto* object = body.if_object();
  const auto* value = object ? object->if_contains(name) : nullptr;
  return value ? *value : json::value();
}

std::string text_member(const json::value& body, std::string_view name) {
  const auto value = member(body, name);
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

// An address that can stand in a policy header: scheme, host and port, and a path that is dropped there.
std::string origin_of(std::string_view url, std::string_view scheme) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-:[]";
  const auto authority = url.starts_with(scheme) ? url.substr(scheme.size()) : std::string_view();
  const auto host = authority.substr(0, authority.find('/'));
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) {
    throw std::invalid_argument("not an address of the form " + std::string(scheme) + "host:port");
  }
  return std::string(scheme) + std::string(host);
}

} // namespace

Api::Api(RelyingParty& party, const Assets& assets, ApiSettings settings)
    : m_party(party), m_assets(assets), m_settings(std::move(settings)) {
  if (origin_of(m_settings.origin, "https://") != m_settings.origin) {
    throw std::invalid_argument("the origin has no path: https://host:port");
  }
  m_content_policy = content_policy(origin_of(m_settings.service_url, "ws://"));
  m_old_page_policy = content_policy(old_component);
}

HttpResponse Api::handle(const HttpRequest& request) const noexcept {
  HttpResponse response;
  try {
    response = respond(request);
  } catch (const Refusal& refusal) {
    log::info("portal", "{} refused: {}", request.method, name_of(refusal.reason()));
    response = error_response(refusal.reason(), refusal.what());
  } catch (const std::exception& error) {
    log::error("portal", "{}", error.what());
    response = error_response(Reason::Internal);
  }
  const bool is_old_page = path_of(request) == old_page;
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::string_view>>{
           {"Content-Security-Policy", is_old_page ? m_old_page_policy : m_content_policy},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "no-referrer"},
           {"Cross-Origin-Opener-Policy", "same-origin"},
           {"Cross-Origin-Resource-Policy", "same-origin"},
           {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
           {"Cache-Control", "no-store"}}) {
    response.headers.emplace_back(name, value);
  }
  return response;
}

HttpResponse Api::respond(const HttpRequest& request) const {
  const auto path = path_of(request);
  if (request.method == "GET") return get(request, path);
  if (request.method == "POST") return post(request, path);
  throw Refusal(Reason::MethodNotAllowed);
}

HttpResponse Api::get(const HttpRequest& request, std::string_view path) const {
  if (path == old_page && !m_party.has_old_page()) throw Refusal(Reason::NotFound);
  if (const auto* asset = m_assets.find(path)) return {200, asset->content_type, asset->body, {}};
  if (path != "/api/session") throw Refusal(Reason::NotFound);
  const auto holder = m_party.holder(session_of(request.cookie));
  json::object session{{"signedIn", holder.has_value()},
                       {"serviceUrl", m_settings.service_url},
                       {"nhiSignIn", m_party.takes_nhi_cards()},
                       {"oldPage", m_party.has_old_page()}};
  if (holder) session["holder"] = to_json(*holder);
  return json_response(session);
}

HttpResponse Api::post(const HttpRequest& request, std::string_view path) const {
  if (request.origin != m_settings.origin) throw Refusal(Reason::OriginRefused);
  if (!request.content_type.starts_with("application/json")) throw Refusal(Reason::MediaType);
  const auto session = session_of(request.cookie);
  const auto body = parse(request.body);

  if (path == "/api/challenge") {
    const auto challenge = m_party.challenge(session);
    auto response = json_response(json::object{{"nonce", challenge.nonce}});
    set_cookie(response, challenge.session);
    return response;
  }
  if (path == "/api/login") return login(session, body);
  if (path == "/api/nhi-account" || path == "/api/nhi-login" || path == "/api/old-login")
    return nhi(path, session, body);
  if (path == "/api/logout") {
    m_party.logout(session);
    auto response = json_response(json::object{});
    set_cookie(response, "; Max-Age=0");
    return response;
  }
  if (path == "/api/nhi") return json_response(json::object{{"reference", m_party.accept_nhi_form(session, body)}});
  throw Refusal(m_assets.find(path) ? Reason::MethodNotAllowed : Reason::NotFound);
}

HttpResponse Api::login(std::string_view session, const json::value& body) const {
  return signed_in(m_party.login(session, text_member(body, "idNumber"), member(body, "token")));
}

HttpResponse Api::nhi(std::string_view path, std::string_view session, const json::value& body) const {
  const auto proof = member(body, "proof");
  if (path == "/api/old-login") return signed_in(m_party.old_nhi_login(session, proof, text_member(body, "encrypted")));
  const auto password = text_member(body, "password");
  if (path == "/api/nhi-login") return signed_in(m_party.nhi_login(session, proof, password));
  m_party.open_nhi_account(session, proof, password);
  return json_response(json::object{});
}

} // namespace twcard::portal
