#include "daemon/card/person/consent.hpp"

#include "driver/base/error.hpp"

namespace twcard::service {

boost::asio::awaitable<Consent> require_consent(Person& person, ConsentQuestion question) {
  const auto consent = co_await person.approves(std::move(question));
  if (consent == Consent::Refused) throw Error(Errc::ConsentDenied, "the user refused");
  co_return consent;
}

} // namespace twcard::service
