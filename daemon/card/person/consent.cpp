#include "daemon/card/person/consent.hpp"

#include "driver/base/error.hpp"

namespace twcard::service {

std::string_view name_of(Operation operation) {
  switch (operation) {
  case Operation::NhiRead: return "nhi.read";
  case Operation::NhiAuthenticate: return "nhi.authenticate";
  case Operation::Certificates: return "certificates";
  case Operation::Authenticate: return "authenticate";
  case Operation::Sign: return "sign";
  case Operation::Login: return "login";
  case Operation::LegacyNhiRead: return "legacy.nhi_read";
  case Operation::LegacyNhiSign: return "legacy.nhi_sign";
  case Operation::LegacyTokens: return "legacy.tokens";
  case Operation::LegacySign: return "legacy.sign";
  case Operation::LegacyDecrypt: return "legacy.decrypt";
  }
  return "";
}

boost::asio::awaitable<Consent> require_consent(Person& person, ConsentQuestion question) {
  const auto consent = co_await person.approves(std::move(question));
  if (consent == Consent::Refused) throw Error(Errc::ConsentDenied, "the person refused");
  co_return consent;
}

} // namespace twcard::service
