#include "daemon/card/readers/token.hpp"

#include "daemon/card/readers/unique_names.hpp"

#include "driver/base/log.hpp"
#include "driver/card/certificate/validity.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "driver/crypto/digest.hpp"

namespace twcard::service {

namespace {

// A card that does not say its number is of use without it.
template <typename AnyCard>
std::string card_number(reader::Transaction& transaction, AnyCard& card) {
  try {
    return card.card_number(transaction);
  } catch (const Error& error) {
    if (error.code() != Errc::BadCardData && error.code() != Errc::CardRefused) throw;
    log::warning("card", "no card number: {}", error.what());
    return {};
  }
}

Bytes number_hash(const std::string& number) {
  return number.empty() ? Bytes() : crypto::sha256(as_bytes(number));
}

std::vector<card::CardCertificate> certificates_of(reader::Transaction& transaction, card::SigningCard& card,
                                                   const Bytes& number, const CertificateStore& store) {
  if (number.empty()) return card.certificates(transaction);
  if (auto kept = store.find(number, card.kind()); kept && card.has_certificate_directory(transaction, kept->directory))
    return std::move(kept->certificates);
  KeptCertificates read;
  read.certificates = card.certificates(transaction);
  read.directory = card.certificate_directory();
  if (read.directory.empty()) {
    store.forget(number);
  } else {
    store.keep(number, card.kind(), read);
  }
  return std::move(read.certificates);
}

} // namespace

card::HolderType holder_of(const Snapshot& snapshot) {
  for (const auto& certificate : snapshot.certificates)
    if (certificate.on_card.key_reference && certificate.info.holder != card::HolderType::Unknown)
      return certificate.info.holder;
  return card::HolderType::Unknown;
}

CardIdentity identity_of(const Snapshot& snapshot, ByteView atr) {
  CardIdentity identity;
  if (!snapshot.card_number_hash.empty()) identity.known.push_back(snapshot.card_number_hash);
  for (const auto& certificate : snapshot.certificates)
    if (!certificate.info.authority && !certificate.info.modulus.empty())
      identity.known.push_back(crypto::sha256(certificate.info.modulus));
  auto kind = to_bytes(as_bytes("ATR "));
  kind.insert(kind.end(), atr.begin(), atr.end());
  identity.kind = crypto::sha256(kind);
  return identity;
}

Snapshot read_snapshot(reader::Transaction& transaction, card::Card& card, const CertificateStore& kept) {
  Snapshot snapshot;
  snapshot.kind = card.kind();
  if (auto* signing = dynamic_cast<card::SigningCard*>(&card)) {
    snapshot.card_number = card_number(transaction, *signing);
    snapshot.card_number_hash = number_hash(snapshot.card_number);
    for (auto& certificate : certificates_of(transaction, *signing, snapshot.card_number_hash, kept)) {
      auto info = card::parse_certificate(certificate.der);
      const auto key =
          certificate.key_reference ? signing->key_abilities(*certificate.key_reference) : card::KeyAbilities();
      snapshot.certificates.push_back({std::move(certificate), std::move(info), key});
    }
    snapshot.missing_profile = signing->missing_profile();
    snapshot.pin_policy = signing->pin_policy();
    snapshot.names = signing->names();
  } else if (auto* nhi = dynamic_cast<card::NhiCard*>(&card)) {
    snapshot.card_number_hash = number_hash(card_number(transaction, *nhi));
  }
  snapshot.identity = identity_of(snapshot, transaction.atr());
  make_names_unique(snapshot, card::utc_now());
  return snapshot;
}

} // namespace twcard::service
