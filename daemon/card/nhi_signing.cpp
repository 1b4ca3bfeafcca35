#include "daemon/card/nhi_signing.hpp"

#include "daemon/card/digest.hpp"
#include "daemon/card/nhi_dialogue.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

constexpr std::string_view site_version = "0001";
constexpr std::size_t bound_characters = 16;

SiteAddress site_for(const card::CardProfiles& profiles, ByteView atr) {
  const auto* profile = profiles.nhi_for(atr);
  if (profile == nullptr)
    throw Error(Errc::ProfileMissing,
                "no card profile of kind \"nhi\" fits the card: the authentication site is not known");
  return {profile->site_host, profile->site_port, profile->hello_key};
}

} // namespace

std::string bound_challenge(std::string_view origin, std::string_view challenge) {
  auto both = sha256(as_bytes(origin));
  const auto of_challenge = sha256(as_bytes(challenge));
  both.insert(both.end(), of_challenge.begin(), of_challenge.end());
  auto text = to_base64(sha256(both)).substr(0, bound_characters);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return std::string(site_version) + text;
}

asio::awaitable<NhiSignature> NhiSigning::authenticate(Asking asking, std::string challenge) {
  ConsentQuestion question{asking.caller, Operation::NhiAuthenticate, {}, {}, {}};
  co_await require_consent(m_person, std::move(question));

  TokenCache::Fits is_nhi = [](const Snapshot& snapshot) { return snapshot.kind == card::CardKind::Nhi; };
  const auto token = co_await m_cards->find(std::move(asking.reader), std::move(is_nhi));
  m_granted(asking.caller, *token);
  auto site = site_for(m_profiles, token->atr);
  auto to_sign = bound_challenge(asking.caller.origin.value(), challenge);
  const auto executor = co_await asio::this_coro::executor;
  NhiDialogue card(executor, token, m_limits.step);
  auto signature = co_await sign_at_site(executor, std::move(site), m_limits, to_sign, card);
  co_return NhiSignature{std::move(signature), std::move(to_sign)};
}

} // namespace twcard::service
