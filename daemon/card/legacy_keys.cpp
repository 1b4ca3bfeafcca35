#include "daemon/card/legacy_keys.hpp"

#include "daemon/card/public_key.hpp"

#include <algorithm>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

constexpr auto listing = Operation::LegacyTokens;

ReadConsents::Insertions cards_in(const std::vector<TokenCache::ReaderEntry>& readers) {
  ReadConsents::Insertions insertions;
  for (const auto& [name, token] : readers)
    if (token) insertions.insert(token->insertion);
  return insertions;
}

bool has_keys(const Snapshot& snapshot) {
  return card::has_keys(snapshot.kind);
}

void leave_only(std::vector<TokenCache::ReaderEntry>& readers, const std::optional<std::string>& reader) {
  if (reader) std::erase_if(readers, [&reader](const auto& entry) { return entry.name != *reader; });
}

enum class Purpose { Signing, Decryption };

bool is_for(const card::CertificateInfo& info, Purpose purpose) {
  if (purpose == Purpose::Signing) return info.has_usage("digitalSignature");
  return info.has_usage("keyEncipherment") || info.has_usage("dataEncipherment");
}

// A vendor's library takes the padding off by itself, where a whole block is not to be had.
bool is_able(const Snapshot& snapshot, const card::KeyAbilities& key, Purpose purpose) {
  return purpose == Purpose::Signing ? key.signs : key.decrypts || !snapshot.vendor_library.empty();
}

// The certificate of the key that is meant, if the card can do it with that key; with `unable`, if it cannot. Null when
// there is none such.
const TokenCertificate* certificate_for(const Snapshot& snapshot, const std::optional<std::string>& key,
                                        Purpose purpose, bool unable = false) {
  for (const auto& certificate : snapshot.certificates) {
    const auto& on_card = certificate.on_card;
    const auto& info = certificate.info;
    if (!on_card.key_reference || info.modulus.empty() || (key && on_card.id != *key)) continue;
    if (is_able(snapshot, certificate.key, purpose) != unable && is_for(info, purpose)) return &certificate;
  }
  return nullptr;
}

// Throws UnsupportedCard when a card has the key that is meant, and cannot do it.
void require_ability(const std::vector<TokenCache::ReaderEntry>& readers, const std::optional<std::string>& key,
                     Purpose purpose) {
  for (const auto& [name, token] : readers)
    if (token && token->snapshot() != nullptr && certificate_for(*token->snapshot(), key, purpose, true) != nullptr)
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
  co_await m_cards->known();
  auto readers = m_cards->readers();
  leave_only(readers, asking.reader);
  const ConsentQuestion question{asking.caller, listing, {}, {}, {}};
  const bool held = m_consents.cover(asking.caller, listing, cards_in(readers));
  std::optional<Consent> answer;
  if (!held && !co_await m_readings.all_granted(question, asking.reader)) answer = co_await m_readings.ask(question);

  co_await m_cards->settled();
  if (!m_cards->pcsc_reachable()) throw Error(Errc::NoPcsc, "the PC/SC service cannot be reached");
  readers = m_cards->readers();
  leave_only(readers, asking.reader);
  if (asking.reader && readers.empty()) throw Error(Errc::NoReader, "reader: no reader of this name");
  const auto cards = cards_in(readers);
  const bool still_held = m_consents.cover(asking.caller, listing, cards);
  if (!answer && !still_held && !m_readings.use_all(question, readers)) answer = co_await m_readings.ask(question);
  if (answer) m_consents.given(asking.caller, listing, cards);
  for (const auto& [name, token] : readers)
    if (answer && token) m_readings.grant(*answer, question, *token);
  if (!one) co_return readers;
  const auto token = co_await m_choices.card_for(std::move(asking), listing, has_keys);
  readers = {{token->reader, token}};
  co_return readers;
}

asio::awaitable<std::shared_ptr<const Token>> LegacyKeys::agreed_card(Asking asking, ConsentQuestion question,
                                                                      std::optional<std::string> key) {
  const auto purpose = question.operation == Operation::LegacySign ? Purpose::Signing : Purpose::Decryption;
  const auto operation = question.operation;
  TokenCache::Fits fits = [key, purpose](const Snapshot& snapshot) {
    return certificate_for(snapshot, key, purpose) != nullptr;
  };
  question.card = m_choices.chosen(asking, operation, fits);
  co_await require_consent(m_person, std::move(question));
  try {
    co_return co_await m_choices.card_for(asking, operation, std::move(fits));
  } catch (const Error& error) {
    auto readers = m_cards->readers();
    leave_only(readers, asking.reader);
    if (error.code() == Errc::NoCard) require_ability(readers, key, purpose);
    throw;
  }
}

asio::awaitable<LegacyKeys::Signed> LegacyKeys::sign(Asking asking, Use use, card::HashFunction function, Bytes hash) {
  ConsentQuestion question{asking.caller, Operation::LegacySign, {}, std::string(card::name_of(function)), hash};
  const auto token = co_await agreed_card(asking, std::move(question), use.key);
  const auto& certificate = *certificate_for(*token->snapshot(), use.key, Purpose::Signing);
  auto signature = co_await m_service.signature(std::move(asking.caller), Operation::LegacySign, token, certificate,
                                                function, std::move(hash), std::move(use.page_pin));
  co_return Signed{certificate.on_card.der, token->snapshot()->card_number, std::move(signature)};
}

asio::awaitable<LegacyKeys::Decrypted> LegacyKeys::decrypt(Asking asking, Use use, SecureBytes block) {
  ConsentQuestion question{asking.caller, Operation::LegacyDecrypt, {}, {}, {}};
  const auto token = co_await agreed_card(asking, std::move(question), use.key);
  const auto& on_card = certificate_for(*token->snapshot(), use.key, Purpose::Decryption)->on_card;
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  // Throws for what is no block, before the person is asked for a PIN.
  const PublicKey public_key(on_card.der);
  static_cast<void>(public_key.apply(shared->view()));

  auto pin =
      co_await m_service.pin_for(std::move(asking.caller), Operation::LegacyDecrypt, token, std::move(use.page_pin));
  try {
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
