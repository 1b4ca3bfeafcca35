// Public certificates of cards, kept over insertions and restarts: a card at 9600 bit/s takes seconds to give them.
//
// They are found by the card number and used only for a card whose directory says what it said when they were read
// (SigningCard::has_certificate_directory). Nothing private is kept: certificates, names of theirs, key references.
// What a file says is checked like what a card says; a damaged one is rebuilt.
//
// A file of this folder may still have been made up by another program of the user, which could as well make up what
// the card says. It cannot get a signature released that does not match the certificate (control C21).
// Thread safe for different cards. Blocks for the disk.
#pragma once

#include "driver/base/store_folder.hpp"
#include "driver/card/signing_card.hpp"

namespace twcard::service {

struct KeptCertificates {
  Bytes directory;
  std::vector<card::CardCertificate> certificates; // as the card gave them: 1 to 16
};

class CertificateStore final {
public:
  // Of more cards, the files that were written first go.
  static constexpr std::size_t max_cards = 32;
  static constexpr std::size_t max_file_octets = 256 * 1024;

  // In `folder`; nowhere when that is empty.
  explicit CertificateStore(std::filesystem::path folder) : m_folder(std::move(folder)) {}

  // `card` is the SHA-256 of the card number. nullopt: nothing is kept of it, or nothing that can be used: another kind
  // of card, or a damaged file.
  [[nodiscard]] std::optional<KeptCertificates> find(const Bytes& card, card::CardKind kind) const;
  void keep(const Bytes& card, card::CardKind kind, const KeptCertificates& certificates) const;
  void forget(const Bytes& card) const;

private:
  StoreFolder m_folder;
};

} // namespace twcard::service
