// The site's addresses: what each takes and gives, cookies, the defence against other sites' requests, and the headers
// that keep the page to itself.
//
//   GET  /, /assets/NAME   the page
//   GET  /api/session      {signedIn, holder?: {name, serialNumber, simulated}, serviceUrl, nhiSignIn, oldPage}
//   POST /api/challenge    {nonce}
//   POST /api/login        {idNumber, token} -> {holder}
//   POST /api/nhi-account  {proof, password} -> {}; proof: what nhi.authenticate gave (docs/protocol.md)
//   POST /api/nhi-login    {proof, password} -> {holder}
//   POST /api/old-login    {proof, encrypted} -> {holder}; what the old component gave on its page, /nhiicc
//   POST /api/logout       {}
//   POST /api/nhi          {cardNumber, name, idNumber, birthDate, sex, issueDate} -> {reference}
//
// POST takes JSON, with the site's own Origin. Errors: {"error": {"code", "message": {"en", "zh-TW"}, "detail"?}}.
#pragma once

#include "portal/server/http_message.hpp"

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace twcard::portal {

class Assets;
class RelyingParty;
struct CardHolder;

struct ApiSettings {
  std::string origin;
  std::string service_url; // of twcard-web, for the page: ws://127.0.0.1:25120/
};

class Api final {
public:
  // Both must outlive this object. Throws std::invalid_argument when an address of the settings is malformed.
  Api(RelyingParty& party, const Assets& assets, ApiSettings settings);

  // Never throws for what a request says; a fault of the server becomes a 500 and a line in the log.
  [[nodiscard]] HttpResponse handle(const HttpRequest& request) const noexcept;

private:
  [[nodiscard]] HttpResponse respond(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse get(const HttpRequest& request, std::string_view path) const;
  [[nodiscard]] HttpResponse post(const HttpRequest& request, std::string_view path) const;
  [[nodiscard]] HttpResponse login(std::string_view session, const boost::json::value& body) const;
  [[nodiscard]] HttpResponse nhi(std::string_view path, std::string_view session, const boost::json::value& body) const;

  RelyingParty& m_party;
  const Assets& m_assets;
  ApiSettings m_settings;
  std::string m_content_policy;
  std::string m_old_page_policy;
};

} // namespace twcard::portal
