#include "daemon/card/nhi/signing.hpp"

#include "daemon/card/nhi/dialogue.hpp"
#include "driver/crypto/digest.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

constexpr std::string_view site_version = "0001";
constexpr std::size_t bound_characters = 16;

const card::NhiProfile& required(const card::NhiProfile* profile) {
  if (profile == nullptr)
    throw Error(Errc::ProfileMissing,
                "no card profile of kind \"nhi\" fits the card: the authentication site is not known");
  return *profile;
}

SiteAddress site_of(const card::NhiProfile& profile) {
  return {profile.site_host, profile.site_port, profile.hello_key};
}

} // namespace

std::string bound_challenge(std::string_view origin, std::string_view challenge) {
  auto both = crypto::sha256(as_bytes(origin));
  const auto of_challenge = crypto::sha256(as_bytes(challenge));
  both.insert(both.end(), of_challenge.begin(), of_challenge.end());
  auto text = to_base64(crypto::sha256(both)).substr(0, bound_characters);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return std::string(site_version) + text;
}

asio::awaitable<Released<NhiSignature>> NhiSigning::authenticate(CardRequest request, std::string challenge) {
  auto permit = co_await m_permission.ask(std::move(request), is_nhi);
  auto to_sign = bound_challenge(permit.caller().origin.value(), challenge);
  auto made = co_await signature(std::move(permit), to_sign);
  NhiSignature of_page{std::move(*made), std::move(to_sign)};
  co_return made.as(std::move(of_page));
}

asio::awaitable<Released<SiteSignature>> NhiSigning::sign_as_asked(CardRequest request, std::string to_sign) {
  auto permit = co_await m_permission.ask(std::move(request), is_nhi);
  co_return co_await signature(std::move(permit), std::move(to_sign));
}

asio::awaitable<Released<SiteSignature>> NhiSigning::signature(Permit permit, std::string to_sign) {
  // Nothing is said about cards, and nothing to one, while the site cannot be had: sites tell the two apart.
  const auto executor = co_await asio::this_coro::executor;
  const auto* profile = &required(likely_profile(permit));
  auto site = std::make_unique<NhiAuthenticator>(executor, site_of(*profile), m_limits);
  co_await site->check_health();

  const auto card = co_await permit.card();
  const auto* cards_own = &required(m_profiles.nhi_for(card->atr));
  if (cards_own != profile) {
    site = std::make_unique<NhiAuthenticator>(executor, site_of(*cards_own), m_limits);
    co_await site->check_health();
  }
  NhiDialogue dialogue(executor, card.token(), m_limits.step);
  auto made = co_await site->sign(std::move(to_sign), dialogue);
  co_return permit.release(card, std::move(made));
}

const card::NhiProfile* NhiSigning::likely_profile(const Permit& permit) const {
  const auto answers_to_reset = permit.likely_cards();
  for (const auto& atr : answers_to_reset)
    if (const auto* profile = m_profiles.nhi_for(atr)) return profile;
  return !answers_to_reset.empty() || m_profiles.nhi.empty() ? nullptr : &m_profiles.nhi.front();
}

} // namespace twcard::service
