#include "daemon/card/token.hpp"

#include "daemon/card/digest.hpp"
#include "driver/base/log.hpp"
#include "driver/card/nhi_card.hpp"

namespace twcard::service {

namespace {

// A card that does not say its number is of use without it.
template <typename AnyCard>
Bytes number_hash(reader::Transaction& transaction, AnyCard& card) {
  try {
    return sha256(as_bytes(card.card_number(transaction)));
  } catch (const Error& error) {
    if (error.code() != Errc::BadCardData && error.code() != Errc::CardRefused) throw;
    log::warning("card", "no card number: {}", error.what());
    return {};
  }
}

} // namespace

Snapshot read_snapshot(reader::Transaction& transaction, card::Card& card) {
  Snapshot snapshot;
  snapshot.kind = card.kind();
  if (auto* signing = dynamic_cast<card::SigningCard*>(&card)) {
    for (auto& certificate : signing->certificates(transaction)) {
      auto info = card::parse_certificate(certificate.der);
      snapshot.certificates.push_back({std::move(certificate), std::move(info)});
    }
    snapshot.card_number_hash = number_hash(transaction, *signing);
    snapshot.missing_profile = signing->missing_profile();
    snapshot.pin_policy = signing->pin_policy();
  } else if (auto* nhi = dynamic_cast<card::NhiCard*>(&card)) {
    snapshot.card_number_hash = number_hash(transaction, *nhi);
  }
  return snapshot;
}

} // namespace twcard::service
