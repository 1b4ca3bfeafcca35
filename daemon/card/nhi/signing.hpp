// The use case of an NHI card that signs in: consent, the insurer's authentication site (reached, and well), the card,
// the site's signature
// (docs/nhi-authentication.md). Knows neither sockets nor JSON.
#pragma once

#include "daemon/card/keys/signing_service.hpp"
#include "daemon/card/nhi/authenticator.hpp"
#include "driver/card/profile/card_profile.hpp"

namespace twcard::service {

struct NhiSignature {
  SiteSignature of_site;
  std::string to_sign; // 20 characters
};

// What the site is asked to sign for a page: "0001" and 16 characters of base64url that stand for the page's origin and
// its challenge, so that a signature is good for one site and one time (control C9, docs/decisions/007).
[[nodiscard]] std::string bound_challenge(std::string_view origin, std::string_view challenge);

class NhiSigning final {
public:
  NhiSigning(CardChoices& choices, Person& person, std::function<void(const Caller&, const Token&)> granted,
             card::CardProfiles profiles, SiteLimits limits)
      : m_choices(choices), m_person(person), m_granted(std::move(granted)), m_profiles(std::move(profiles)),
        m_limits(limits) {}

  // The caller has an origin. Throws what the person, NhiAuthenticator and the card throw, in
  // this order; ProfileMissing before the site is looked for.
  boost::asio::awaitable<NhiSignature> authenticate(Asking asking, std::string challenge);
  // What an old local protocol wants signed: 20 characters of the site's choice, bound to nothing (control C10).
  boost::asio::awaitable<SiteSignature> sign_as_asked(Asking asking, std::string to_sign);

private:
  boost::asio::awaitable<SiteSignature> signature(Asking asking, Operation operation, std::string to_sign);
  // Of one of the NHI cards that are known already, and null when it fits none; without cards, the first: there is one
  // insurer.
  [[nodiscard]] const card::NhiProfile* likely_profile(const Asking& asking, Operation operation) const;

  CardChoices& m_choices;
  Person& m_person;
  std::function<void(const Caller&, const Token&)> m_granted;
  card::CardProfiles m_profiles;
  SiteLimits m_limits;
};

} // namespace twcard::service
