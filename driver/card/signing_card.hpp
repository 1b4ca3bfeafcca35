// A card with certificates and RSA keys behind a PIN.
#pragma once

#include "driver/card/card.hpp"

namespace twcard::card {

// What a certificate on the card is for, from its key usage (and, for the CA certificates, its basic constraints).
enum class CertificateRole { Signature, Encryption, IssuingCa, RootCa };
struct CertificateInfo;
[[nodiscard]] CertificateRole role_of(const CertificateInfo& info);

struct CardCertificate {
  CertificateRole role = CertificateRole::Signature;
  // As existing applications know it: "SIGN", "KEYX", "CACert", "ROOTCACert"; on an ISO/IEC 7816-15 card the identifier
  // that certificate and key have in common, in hexadecimal.
  std::string id;
  std::string label; // "cert1", "cert2", ...
  Bytes der;         // well-formed X.509, at most 8 KiB, exactly one certificate
  // Key on the card that belongs to it; none for CA certificates.
  std::optional<std::uint8_t> key_reference;
};

// What the card does with a key, whatever the certificate says that the key is for.
struct KeyAbilities {
  bool signs = true;
  bool decrypts = true;
};

struct PinPolicy {
  std::size_t min_length = 0;
  std::size_t max_length = 0;
};

// What the card calls itself where existing applications show a token, in UTF-8 without control characters.
struct TokenNames {
  std::string label;
  std::string manufacturer;
  std::string model;
};

class SigningCard : public Card {
public:
  // 16 digits or capital letters on the citizen card, hexadecimal digits on an ISO/IEC 7816-15 card.
  [[nodiscard]] std::string card_number(reader::Transaction& transaction);
  // All certificates that can be parsed, in the card's order. A damaged one is left out and logged; throws
  // Error(BadCardData) when none is left.
  [[nodiscard]] std::vector<CardCertificate> certificates(reader::Transaction& transaction);
  // For keeping certificates over insertions: what the card's directory said and how the certificates ended
  // (certificate/fingerprint.hpp), which tells for a fraction of the cost whether certificates() would give the same
  // again. Empty when nothing tells that, or something could not be read: then they are not to be kept.
  [[nodiscard]] Bytes certificate_directory() const { return directory_that_was_read(); }
  // Whether card and directory still say this. False also when they cannot be read. Throws what Transaction throws.
  [[nodiscard]] bool has_certificate_directory(reader::Transaction& transaction, ByteView directory);
  [[nodiscard]] virtual PinPolicy pin_policy() const noexcept = 0;
  // The missing profile's description, or nothing when the card can be logged in to.
  [[nodiscard]] virtual std::optional<std::string> missing_profile() const = 0;
  // Of a key that certificates() named; after certificates() or has_certificate_directory().
  [[nodiscard]] virtual KeyAbilities key_abilities(std::uint8_t) const { return {}; }
  // Those of the citizen certificate cards unless the driver knows better; after certificates().
  [[nodiscard]] virtual TokenNames names() const;

  // One raw RSA private operation on a whole block (256 octets for RSA 2048). Padding is the caller's work (block.hpp).
  // The PIN is verified first, unless verify_pin() or this function has already done so in this transaction: then it is
  // not looked at, and who keeps a transaction open has to see to it that it stays one login's. 7 APDUs on generation
  // 1, 3 when logged in; 9 on generation 2, where each operation wants a VERIFY of its own.
  // Throws PinIncorrect, PinBlocked, PinLength, ProfileMissing, BadRequest (block size, unknown key), CardRefused and
  // what Transaction throws. The PIN is sent once and never again.
  [[nodiscard]] SecureBytes private_operation(reader::Transaction& transaction, const Pin& pin,
                                              std::uint8_t key_reference, ByteView block);

  // Whether the PIN is right, as the card says. The transaction is logged in then. Throws what private_operation throws
  // of the PIN, and what Transaction throws. The PIN is sent once.
  void verify_pin(reader::Transaction& transaction, const Pin& pin);

  // GET CHALLENGE, 8 octets.
  [[nodiscard]] Bytes random(reader::Transaction& transaction);

protected:
  // Verifies the PIN unless the transaction is logged in.
  void log_in(reader::Transaction& transaction, const Pin& pin);

private:
  [[nodiscard]] virtual std::string read_card_number(reader::Transaction& transaction) = 0;
  [[nodiscard]] virtual std::vector<CardCertificate> read_certificates(reader::Transaction& transaction) = 0;
  [[nodiscard]] virtual Bytes directory_that_was_read() const { return {}; }
  [[nodiscard]] virtual bool compare_directory(reader::Transaction&, ByteView) { return false; }
  [[nodiscard]] virtual SecureBytes do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                                         std::uint8_t key_reference, ByteView block) = 0;
  // Verifies the PIN, and leaves the card so that private operations can follow in the same transaction. What they need
  // of it beyond the transaction's logged_in(), such as keys of a secure channel, the card object keeps.
  virtual void do_verify_pin(reader::Transaction& transaction, const Pin& pin) = 0;
  void require_login_possible(const Pin& pin) const;
  [[nodiscard]] virtual Bytes read_random(reader::Transaction& transaction) = 0;
};

} // namespace twcard::card
