// A card from its insertion to its removal, and what was read from it once.
#pragma once

#include "daemon/card/readers/card_worker.hpp"
#include "daemon/card/readers/certificate_store.hpp"
#include "driver/base/error.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "driver/card/signing_card.hpp"

#include <memory>
#include <variant>
#include <vector>

namespace twcard::service {

struct TokenCertificate {
  card::CardCertificate on_card;
  card::CertificateInfo info;
  card::KeyAbilities key{}; // of its key, if it has one
};

// What a card can be known by at its next insertion. Each is a SHA-256.
struct CardIdentity {
  std::vector<Bytes> known; // of its number, and of the modulus of each of its keys; empty when it tells neither
  Bytes kind;               // of its ATR, which other cards have as well
};

// Read in one transaction when the card is inserted.
struct Snapshot {
  card::CardKind kind = card::CardKind::Nhi;
  std::string card_number; // empty when the card does not say it, and for an NHI card
  Bytes card_number_hash;  // SHA-256; empty when the card does not say its number
  CardIdentity identity;
  std::vector<TokenCertificate> certificates;
  std::optional<std::string> missing_profile;
  card::PinPolicy pin_policy;
  card::TokenNames names;
  std::string vendor_library; // who uses the keys when it is not a driver of ours; empty: a driver
};

[[nodiscard]] inline bool is_nhi(const Snapshot& snapshot) {
  return snapshot.kind == card::CardKind::Nhi;
}
[[nodiscard]] inline bool has_keys(const Snapshot& snapshot) {
  return card::has_keys(snapshot.kind);
}
// Whose card it is, by the certificates of its keys.
[[nodiscard]] card::HolderType holder_of(const Snapshot& snapshot);

// By the number and the certificates of a snapshot; an authority's certificate is not the card's own.
[[nodiscard]] CardIdentity identity_of(const Snapshot& snapshot, ByteView atr);

// Certificates come from `kept` where it has those of this card, and go there where it has not. Throws what the card's
// own functions throw.
[[nodiscard]] Snapshot read_snapshot(reader::Transaction& transaction, card::Card& card, const CertificateStore& kept);

struct Reading {};

struct Token {
  std::uint64_t insertion = 0; // unique in this process
  std::string reader;
  Bytes atr;
  std::shared_ptr<CardWorker> worker;
  std::variant<Reading, Snapshot, Error> state;
  bool removed = false;

  [[nodiscard]] bool reading() const { return std::holds_alternative<Reading>(state); }
  [[nodiscard]] const Snapshot* snapshot() const { return std::get_if<Snapshot>(&state); }
  [[nodiscard]] const Error* failure() const { return std::get_if<Error>(&state); }
};

} // namespace twcard::service
