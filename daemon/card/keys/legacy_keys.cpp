#include "daemon/card/keys/legacy_keys.hpp"

#include "daemon/card/keys/public_key.hpp"
#include "daemon/card/readers/key_choice.hpp"
#include "driver/card/certificate/validity.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

bool has_keys(const Snapshot& snapshot) {
  return card::has_keys(snapshot.kind);
}

using Purpose = KeyUse;

const TokenCertificate* certificate_for(const Snapshot& snapshot, const std::optional<std::string>& key,
                                        Purpose purpose) {
  return key_for(snapshot, purpose, card::utc_now(), key);
}

// Whether the card has the key that is meant, and cannot do it.
bool is_unable(const Snapshot& snapshot, const std::optional<std::string>& key, Purpose purpose) {
  return std::ranges::any_of(snapshot.certificates, [&](const TokenCertificate& certificate) {
    return (!key || certificate.on_card.id == *key) && is_for(certificate, purpose) &&
           !is_able(snapshot, certificate, purpose);
  });
}

// Throws UnsupportedCard when a card has the key that is meant, and cannot do it.
void require_ability(const std::vector<TokenCache::ReaderEntry>& readers, const std::optional<std::string>& reader,
                     const std::optional<std::string>& key, Purpose purpose) {
  for (const auto& [name, token] : readers)
    if ((!reader || name == *reader) && token && token->snapshot() != nullptr &&
        is_unable(*token->snapshot(), key, purpose))
      throw Error(Errc::UnsupportedCard, purpose == Purpose::Signing
                                             ? "the card has a key for signatures, and does not sign with it"
                                             : "the card has a key for encryption, and does not decrypt with it");
}

// Errors that tell something about what was to be decrypted, if only by not being another one.
bool is_about_block(Errc code) {
  return code == Errc::BadCardData || code == Errc::CardRefused || code == Errc::SignatureMismatch ||
         code == Errc::BadRequest;
}

} // namespace

asio::awaitable<std::vector<TokenCache::ReaderEntry>> LegacyKeys::tokens(Asking asking, bool one) {
  const ConsentQuestion question{asking.caller, Operation::LegacyTokens, {}, {}, {}};
  if (!one) co_return co_await m_readings.all_readers(question, std::move(asking.reader));
  const auto agreed = co_await m_readings.agreed_card(question, std::move(asking.reader), has_keys);
  m_readings.require_still(question, agreed);
  std::vector<TokenCache::ReaderEntry> only;
  only.push_back({agreed.token->reader, agreed.token});
  co_return only;
}

asio::awaitable<std::shared_ptr<const Token>> LegacyKeys::agreed_card(Asking asking, ConsentQuestion question,
                                                                      std::optional<std::string> key) {
  const auto purpose = question.operation == Operation::LegacySign ? Purpose::Signing : Purpose::Decryption;
  const auto operation = question.operation;
  TokenCache::Fits fits = [key, purpose](const Snapshot& snapshot) {
    return certificate_for(snapshot, key, purpose) != nullptr;
  };
  const auto chosen = m_choices.chosen(asking, operation, fits);
  if (chosen) question.card = place_of(*chosen);
  co_await require_consent(m_person, std::move(question));
  try {
    co_return co_await m_choices.card_for(asking, operation, std::move(fits), chosen);
  } catch (const Error& error) {
    if (error.code() == Errc::NoCard) require_ability(m_cards->readers(), asking.reader, key, purpose);
    throw;
  }
}

asio::awaitable<LegacyKeys::Signed> LegacyKeys::sign(Asking asking, Use use, card::HashFunction function, Bytes hash) {
  ConsentQuestion question{asking.caller, Operation::LegacySign, {}, std::string(card::name_of(function)), hash};
  const auto token = co_await agreed_card(asking, std::move(question), use.key);
  const auto& certificate = *certificate_for(*token->snapshot(), use.key, Purpose::Signing);
  auto signature = co_await m_service.signature(std::move(asking.caller), Operation::LegacySign, token, certificate,
                                                function, std::move(hash), std::move(use.page_pin));
  co_return Signed{certificate.on_card.der, certificate.info.issuer_and_serial, token->snapshot()->card_number,
                   std::move(signature)};
}

asio::awaitable<LegacyKeys::Decrypted> LegacyKeys::decrypt(Asking asking, Use use, SecureBytes block) {
  ConsentQuestion question{asking.caller, Operation::LegacyDecrypt, {}, {}, {}};
  const auto token = co_await agreed_card(asking, std::move(question), use.key);
  const auto& on_card = certificate_for(*token->snapshot(), use.key, Purpose::Decryption)->on_card;
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  const PublicKey public_key(on_card.der);
  try {
    // Throws for what is no block, before the person is asked for a PIN.
    static_cast<void>(public_key.apply(shared->view()));
    auto pin =
        co_await m_service.pin_for(std::move(asking.caller), Operation::LegacyDecrypt, token, std::move(use.page_pin));
    if (!token->snapshot()->vendor_library.empty()) {
      auto message = co_await m_service.decrypted_by_vendor(token, std::move(pin), *on_card.key_reference, shared);
      co_return Decrypted{on_card.der, std::move(message)};
    }
    const auto plain = co_await m_service.private_operation(token, std::move(pin), *on_card.key_reference, shared);
    const auto undone = public_key.apply(plain.view());
    if (!std::ranges::equal(undone.view(), shared->view())) throw m_service.mismatch(*token);
    co_return Decrypted{on_card.der, card::remove_encryption_padding(plain.view())};
  } catch (const Error& error) {
    if (!is_about_block(error.code())) throw;
    throw Error(Errc::CardRefused, "what was sent could not be decrypted");
  }
}

} // namespace twcard::service
