// A card with certificates and RSA keys behind a PIN.
#pragma once

#include "driver/card/card.hpp"

namespace twcard::card {

// What a certificate on the card is for, from its key usage (and, for the CA certificates, its basic constraints).
enum class CertificateRole { Signature, Encryption, IssuingCa, RootCa };

struct CardCertificate {
  CertificateRole role = CertificateRole::Signature;
  std::string id;    // as existing applications know it: "SIGN", "KEYX", "CACert", "ROOTCACert"
  std::string label; // "cert1", "cert2", ...
  Bytes der;         // well-formed X.509, at most 8 KiB, exactly one certificate
  // Key on the card that belongs to it (found by its modulus); none for CA certificates.
  std::optional<std::uint8_t> key_reference;
};

struct PinPolicy {
  std::size_t min_length = 0;
  std::size_t max_length = 0;
};

class SigningCard : public Card {
public:
  // 16 ASCII digits on the citizen card.
  [[nodiscard]] std::string card_number(reader::Transaction& transaction);
  // All certificates that can be parsed, in the card's order. A damaged one is left out and logged; throws
  // Error(BadCardData) when none is left.
  [[nodiscard]] std::vector<CardCertificate> certificates(reader::Transaction& transaction);
  [[nodiscard]] virtual PinPolicy pin_policy() const noexcept = 0;
  // The missing profile's description, or nothing when the card can be logged in to.
  [[nodiscard]] virtual std::optional<std::string> missing_profile() const = 0;

  // One raw RSA private operation on a whole block (256 octets for RSA 2048), PIN verified first: the cold way of
  // "the cost of a signature", 7 APDUs on generation 1. Padding is the caller's work (block.hpp).
  // Throws PinIncorrect, PinBlocked, PinLength, ProfileMissing, BadRequest (block size, unknown key), CardRefused and
  // what Transaction throws. The PIN is sent once and never again.
  [[nodiscard]] SecureBytes private_operation(reader::Transaction& transaction, const Pin& pin,
                                              std::uint8_t key_reference, ByteView block);

  // Whether the PIN is right, as the card says: VERIFY and nothing else. Throws what private_operation throws of the
  // PIN, and what Transaction throws. The PIN is sent once.
  void verify_pin(reader::Transaction& transaction, const Pin& pin);

  // GET CHALLENGE, 8 octets.
  [[nodiscard]] Bytes random(reader::Transaction& transaction);

private:
  [[nodiscard]] virtual std::string read_card_number(reader::Transaction& transaction) = 0;
  [[nodiscard]] virtual std::vector<CardCertificate> read_certificates(reader::Transaction& transaction) = 0;
  [[nodiscard]] virtual SecureBytes do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                                         std::uint8_t key_reference, ByteView block) = 0;
  virtual void do_verify_pin(reader::Transaction& transaction, const Pin& pin) = 0;
  void require_login_possible(const Pin& pin) const;
  [[nodiscard]] virtual Bytes read_random(reader::Transaction& transaction) = 0;
};

} // namespace twcard::card
