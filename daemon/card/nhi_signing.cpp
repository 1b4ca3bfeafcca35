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
  auto to_sign = bound_challenge(asking.caller.origin.value(), challenge);
  auto made = co_await signature(std::move(asking), Operation::NhiAuthenticate, to_sign);
  co_return NhiSignature{std::move(made), std::move(to_sign)};
}

asio::awaitable<SiteSignature> NhiSigning::sign_as_asked(Asking asking, std::string to_sign) {
  return signature(std::move(asking), Operation::LegacyNhiSign, std::move(to_sign));
}

asio::awaitable<SiteSignature> NhiSigning::signature(Asking asking, Operation operation, std::string to_sign) {
  ConsentQuestion question{asking.caller, operation, {}, {}, {}};
  co_await require_consent(m_person, std::move(question));

  TokenCache::Fits is_nhi = [](const Snapshot& snapshot) { return snapshot.kind == card::CardKind::Nhi; };
  const auto token = co_await m_cards->find(std::move(asking.reader), std::move(is_nhi));
  m_granted(asking.caller, *token);
  auto site = site_for(m_profiles, token->atr);
  const auto executor = co_await asio::this_coro::executor;
  NhiDialogue card(executor, token, m_limits.step);
  co_return co_await sign_at_site(executor, std::move(site), m_limits, std::move(to_sign), card);
}

} // namespace twcard::service
