#include "daemon/card/keys/signing_requests.hpp"

#include "daemon/card/readers/key_choice.hpp"
#include "driver/card/certificate/validity.hpp"
#include "driver/crypto/digest.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

const TokenCertificate* certificate_on(const Snapshot& snapshot, ByteView der) {
  const auto found = std::find_if(snapshot.certificates.begin(), snapshot.certificates.end(),
                                  [&](const auto& each) { return std::ranges::equal(each.on_card.der, der); });
  return found == snapshot.certificates.end() ? nullptr : &*found;
}

const TokenCertificate& login_certificate(const Snapshot& snapshot) {
  if (const auto* certificate = key_for(snapshot, KeyUse::Login, card::utc_now())) return *certificate;
  if (std::ranges::any_of(snapshot.certificates, [](const auto& each) { return is_for(each, KeyUse::Signing); }))
    throw Error(Errc::UnsupportedCard, "the card has no key that logs in");
  throw Error(Errc::BadCardData, "the card has no signature certificate that can be read");
}

} // namespace

asio::awaitable<Released<ApprovedCard>> SigningRequests::certificates(CardRequest request) {
  auto permit = co_await m_permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  co_return permit.release(card, card);
}

asio::awaitable<Released<LoginSignature>> SigningRequests::authenticate(CardRequest request, std::string nonce) {
  auto permit = co_await m_permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  const auto& certificate = login_certificate(card.snapshot());

  auto message = crypto::sha256(as_bytes(permit.caller().origin.value()));
  const auto of_nonce = crypto::sha256(as_bytes(nonce));
  message.insert(message.end(), of_nonce.begin(), of_nonce.end());
  auto made = co_await m_keys.signature(permit.caller(), permit.operation(), card, certificate,
                                        card::HashFunction::Sha256, crypto::sha256(message));
  LoginSignature login{certificate.on_card.der, std::move(made)};
  co_return permit.release(card, std::move(login));
}

asio::awaitable<Released<SecureBytes>> SigningRequests::sign(CardRequest request, Bytes certificate,
                                                             card::HashFunction function) {
  auto hash = request.question.hash;
  Fits has_it = [certificate](const Snapshot& snapshot) { return certificate_on(snapshot, certificate) != nullptr; };
  auto permit = co_await m_permission.ask(std::move(request), std::move(has_it));
  const auto card = co_await permit.card();
  const auto& named = *certificate_on(card.snapshot(), certificate);
  if (!named.on_card.key_reference) throw Error(Errc::BadRequest, "certificate: the card has no key for it");
  if (!is_for(named, KeyUse::Signing))
    throw Error(Errc::BadRequest, "certificate: its key usage has neither digitalSignature nor nonRepudiation");
  auto made = co_await m_keys.signature(permit.caller(), permit.operation(), card, named, function, std::move(hash));
  co_return permit.release(card, std::move(made));
}

asio::awaitable<Released<Bytes>> SigningRequests::random(CardRequest request) {
  auto permit = co_await m_permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  if (!card.snapshot().vendor_library.empty())
    throw Error(Errc::CardRefused, "there are no random numbers of a card through its vendor's library");
  std::function<Bytes(reader::Transaction&, card::Card&)> draw = [](reader::Transaction& transaction,
                                                                    card::Card& any_card) {
    return dynamic_cast<card::SigningCard&>(any_card).random(transaction);
  };
  auto octets = co_await card.ask(std::move(draw));
  co_return permit.release(card, std::move(octets));
}

} // namespace twcard::service
