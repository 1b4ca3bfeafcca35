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

// The certificate of the key that is meant; null when the card has none.
const TokenCertificate* certificate_for(const Snapshot& snapshot, const std::optional<std::string>& key,
                                        std::initializer_list<std::string_view> usages) {
  for (const auto& certificate : snapshot.certificates) {
    const auto& on_card = certificate.on_card;
    const auto& info = certificate.info;
    if (!on_card.key_reference || info.modulus.empty() || (key && on_card.id != *key)) continue;
    if (std::ranges::any_of(usages, [&info](auto usage) { return info.has_usage(usage); })) return &certificate;
  }
  return nullptr;
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
  const bool asked = !m_consents.cover(asking.caller, listing, cards_in(readers));
  ConsentQuestion question{asking.caller, listing, {}, {}, {}};
  if (asked) co_await require_consent(m_person, question);

  co_await m_cards->settled();
  if (!m_cards->pcsc_reachable()) throw Error(Errc::NoPcsc, "the PC/SC service cannot be reached");
  readers = m_cards->readers();
  leave_only(readers, asking.reader);
  if (asking.reader && readers.empty()) throw Error(Errc::NoReader, "reader: no reader of this name");
  const auto cards = cards_in(readers);
  const bool another_has_come = !asked && !m_consents.cover(asking.caller, listing, cards);
  if (another_has_come) co_await require_consent(m_person, std::move(question));
  m_consents.given(asking.caller, listing, cards);
  if (!one) co_return readers;
  const auto token = co_await m_choices.card_for(std::move(asking), listing, has_keys);
  readers = {{token->reader, token}};
  co_return readers;
}

asio::awaitable<LegacyKeys::Signed> LegacyKeys::sign(Asking asking, Use use, card::HashFunction function, Bytes hash) {
  ConsentQuestion question{asking.caller, Operation::LegacySign, {}, std::string(card::name_of(function)), hash};
  co_await require_consent(m_person, std::move(question));

  const auto may_sign = [key = use.key](const Snapshot& snapshot) {
    return certificate_for(snapshot, key, {"digitalSignature"});
  };
  TokenCache::Fits fits = [may_sign](const Snapshot& snapshot) { return may_sign(snapshot) != nullptr; };
  const auto token = co_await m_choices.card_for(asking, Operation::LegacySign, std::move(fits));
  const auto& certificate = *may_sign(*token->snapshot());
  auto signature = co_await m_service.signature(std::move(asking.caller), Operation::LegacySign, token, certificate,
                                                function, std::move(hash), std::move(use.page_pin));
  co_return Signed{certificate.on_card.der, token->snapshot()->card_number, std::move(signature)};
}

asio::awaitable<LegacyKeys::Decrypted> LegacyKeys::decrypt(Asking asking, Use use, SecureBytes block) {
  ConsentQuestion question{asking.caller, Operation::LegacyDecrypt, {}, {}, {}};
  co_await require_consent(m_person, std::move(question));

  const auto may_decrypt = [key = use.key](const Snapshot& snapshot) {
    return certificate_for(snapshot, key, {"keyEncipherment", "dataEncipherment"});
  };
  TokenCache::Fits fits = [may_decrypt](const Snapshot& snapshot) { return may_decrypt(snapshot) != nullptr; };
  const auto token = co_await m_choices.card_for(asking, Operation::LegacyDecrypt, std::move(fits));
  const auto& on_card = may_decrypt(*token->snapshot())->on_card;
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  // Throws for what is no block, before the person is asked for a PIN.
  const PublicKey public_key(on_card.der);
  static_cast<void>(public_key.apply(shared->view()));

  auto pin =
      co_await m_service.pin_for(std::move(asking.caller), Operation::LegacyDecrypt, token, std::move(use.page_pin));
  try {
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
