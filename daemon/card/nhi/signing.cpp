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

bool is_nhi(const Snapshot& snapshot) {
  return snapshot.kind == card::CardKind::Nhi;
}

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

asio::awaitable<NhiSignature> NhiSigning::authenticate(Asking asking, std::string challenge) {
  auto to_sign = bound_challenge(asking.caller.origin.value(), challenge);
  auto made = co_await signature(std::move(asking), Operation::NhiAuthenticate, to_sign);
  co_return NhiSignature{std::move(made), std::move(to_sign)};
}

asio::awaitable<SiteSignature> NhiSigning::sign_as_asked(Asking asking, std::string to_sign) {
  return signature(std::move(asking), Operation::LegacyNhiSign, std::move(to_sign));
}

asio::awaitable<SiteSignature> NhiSigning::signature(Asking asking, Operation operation, std::string to_sign) {
  const auto chosen = m_choices.chosen(asking, operation, is_nhi);
  ConsentQuestion question{asking.caller, operation, {}, {}, {}};
  if (chosen) question.card = place_of(*chosen);
  co_await require_consent(m_person, std::move(question));

  // Nothing is said about cards, and nothing to one, while the site cannot be had: sites tell the two apart.
  const auto executor = co_await asio::this_coro::executor;
  const auto* profile = &required(likely_profile(asking, operation));
  auto site = std::make_unique<NhiAuthenticator>(executor, site_of(*profile), m_limits);
  co_await site->check_health();

  const auto token = co_await m_choices.card_for(asking, operation, is_nhi, chosen);
  m_granted(asking.caller, *token);
  const auto* cards_own = &required(m_profiles.nhi_for(token->atr));
  if (cards_own != profile) {
    site = std::make_unique<NhiAuthenticator>(executor, site_of(*cards_own), m_limits);
    co_await site->check_health();
  }
  NhiDialogue card(executor, token, m_limits.step);
  co_return co_await site->sign(std::move(to_sign), card);
}

const card::NhiProfile* NhiSigning::likely_profile(const Asking& asking, Operation operation) const {
  const auto cards = m_choices.expected(asking, operation, is_nhi);
  for (const auto& token : cards)
    if (const auto* profile = m_profiles.nhi_for(token->atr)) return profile;
  return !cards.empty() || m_profiles.nhi.empty() ? nullptr : &m_profiles.nhi.front();
}

} // namespace twcard::service
