// The use case of an NHI card that signs in: consent, the insurer's authentication site (reached, and well), the card,
// the site's signature
// (docs/nhi-authentication.md). Knows neither sockets nor JSON.
#pragma once

#include "daemon/card/nhi/authenticator.hpp"
#include "daemon/card/permission/permission.hpp"
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
  NhiSigning(Permission& permission, card::CardProfiles profiles, SiteLimits limits)
      : m_permission(permission), m_profiles(std::move(profiles)), m_limits(limits) {}

  // Throws what Permission, NhiAuthenticator and the card throw, in this order; ProfileMissing before the site is
  // looked for.
  boost::asio::awaitable<Released<NhiSignature>> authenticate(CardRequest request, std::string challenge);
  // What an old local protocol wants signed: 20 characters of the site's choice, bound to nothing (control C10).
  boost::asio::awaitable<Released<SiteSignature>> sign_as_asked(CardRequest request, std::string to_sign);

private:
  boost::asio::awaitable<Released<SiteSignature>> signature(Permit permit, std::string to_sign);
  // Of one of the NHI cards that are known already, and null when it fits none; without cards, the first: there is one
  // insurer.
  [[nodiscard]] const card::NhiProfile* likely_profile(const Permit& permit) const;

  Permission& m_permission;
  card::CardProfiles m_profiles;
  SiteLimits m_limits;
};

} // namespace twcard::service
