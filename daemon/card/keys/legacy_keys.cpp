#include "daemon/card/keys/legacy_keys.hpp"

#include "daemon/card/keys/public_key.hpp"
#include "daemon/card/readers/key_choice.hpp"
#include "driver/card/certificate/validity.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

using Purpose = KeyUse;

const TokenCertificate* certificate_for(const Snapshot& snapshot, const std::optional<std::string>& key,
                                        Purpose purpose) {
  return key_for(snapshot, purpose, card::utc_now(), key);
}

Fits able_to(Purpose purpose, std::optional<std::string> key) {
  return [key = std::move(key), purpose](const Snapshot& snapshot) {
    return certificate_for(snapshot, key, purpose) != nullptr;
  };
}

// Cards that have the key that is meant, and cannot do it.
Fits unable_to(Purpose purpose, std::optional<std::string> key) {
  return [key = std::move(key), purpose](const Snapshot& snapshot) {
    return std::ranges::any_of(snapshot.certificates, [&](const TokenCertificate& certificate) {
      return (!key || certificate.on_card.id == *key) && is_for(certificate, purpose) &&
             !is_able(snapshot, certificate, purpose);
    });
  };
}

// The card with a key that can do it. Throws UnsupportedCard when there is only one whose key is for it and cannot do
// it.
asio::awaitable<ApprovedCard> able_card(Permit& permit, std::optional<std::string> key, Purpose purpose) {
  try {
    co_return co_await permit.card();
  } catch (const Error& error) {
    if (error.code() != Errc::NoCard || !permit.finds(unable_to(purpose, std::move(key)))) throw;
    throw Error(Errc::UnsupportedCard, purpose == Purpose::Signing
                                           ? "the card has a key for signatures, and does not sign with it"
                                           : "the card has a key for encryption, and does not decrypt with it");
  }
}

// Errors that tell something about what was to be decrypted, if only by not being another one.
bool is_about_block(Errc code) {
  return code == Errc::BadCardData || code == Errc::CardRefused || code == Errc::SignatureMismatch ||
         code == Errc::BadRequest;
}

} // namespace

asio::awaitable<Released<std::vector<ApprovedReader>>> LegacyKeys::tokens(CardRequest request, bool one) {
  if (!one) co_return co_await m_permission.list(std::move(request));
  auto permit = co_await m_permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  std::vector<ApprovedReader> only;
  only.push_back({card->reader, card});
  co_return permit.release(card, std::move(only));
}

asio::awaitable<Released<LegacyKeys::Signed>> LegacyKeys::sign(CardRequest request, Use use,
                                                               card::HashFunction function) {
  auto hash = request.question.hash;
  auto permit = co_await m_permission.ask(std::move(request), able_to(Purpose::Signing, use.key));
  const auto card = co_await able_card(permit, use.key, Purpose::Signing);
  const auto& certificate = *certificate_for(card.snapshot(), use.key, Purpose::Signing);
  auto signature = co_await m_keys.signature(permit.caller(), permit.operation(), card, certificate, function,
                                             std::move(hash), std::move(use.page_pin));
  Signed answer{certificate.on_card.der, certificate.info.issuer_and_serial, card.snapshot().card_number,
                std::move(signature)};
  co_return permit.release(card, std::move(answer));
}

asio::awaitable<Released<LegacyKeys::Decrypted>> LegacyKeys::decrypt(CardRequest request, Use use, SecureBytes block) {
  auto permit = co_await m_permission.ask(std::move(request), able_to(Purpose::Decryption, use.key));
  const auto card = co_await able_card(permit, use.key, Purpose::Decryption);
  const auto& on_card = certificate_for(card.snapshot(), use.key, Purpose::Decryption)->on_card;
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  const PublicKey public_key(on_card.der);
  Decrypted answer{on_card.der, {}};
  try {
    // Throws for what is not a block of this key, before the person is asked for a PIN.
    static_cast<void>(public_key.apply(shared->view()));
    auto pin = co_await m_keys.pin_for(permit.caller(), permit.operation(), card, std::move(use.page_pin));
    const bool by_vendor = !card.snapshot().vendor_library.empty();
    KeyTask task{by_vendor ? KeyTask::Kind::Decrypt : KeyTask::Kind::PrivateOperation, *on_card.key_reference, shared};
    answer.plain = co_await m_keys.carry_out(card, std::move(pin), std::move(task));
    if (!by_vendor) {
      const auto undone = public_key.apply(answer.plain.view());
      if (!std::ranges::equal(undone.view(), shared->view())) throw m_keys.mismatch(card);
      answer.plain = card::remove_encryption_padding(answer.plain.view());
    }
  } catch (const Error& error) {
    if (!is_about_block(error.code())) throw;
    throw Error(Errc::CardRefused, "what was sent could not be decrypted");
  }
  co_return permit.release(card, std::move(answer));
}

} // namespace twcard::service
