// A card after ISO/IEC 7816-4 and 7816-15 (PKCS #15): certificates, RSA keys, one PIN that is verified in plain.
// Source: docs/cards/pkcs15.md, which also names what such a card may have and is not used here.
#pragma once

#include "driver/card/pkcs15/files.hpp"
#include "driver/card/pkcs15/objects.hpp"
#include "driver/card/signing_card.hpp"

namespace twcard::card {

class Pkcs15Card final : public SigningCard {
public:
  // Whether the card has an ISO/IEC 7816-15 application. Not to be asked of a card whose own driver is another one:
  // this driver verifies PINs in plain.
  [[nodiscard]] static bool probe(reader::Transaction& transaction);

  [[nodiscard]] CardKind kind() const noexcept override { return CardKind::Pkcs15; }
  // As the PIN's authentication object says, once the card's directories have been read.
  [[nodiscard]] PinPolicy pin_policy() const noexcept override;
  [[nodiscard]] std::optional<std::string> missing_profile() const override { return std::nullopt; }
  // Decryption wants a card that takes whole blocks.
  [[nodiscard]] KeyAbilities key_abilities(std::uint8_t reference) const override;
  [[nodiscard]] TokenNames names() const override;

private:
  // The directories of the card, and what follows from them.
  struct Contents {
    std::vector<Pkcs15Key> keys; // those that can be used: RSA, behind `pin`
    std::optional<Pkcs15Pin> pin;
    std::vector<Pkcs15Certificate> certificates;
    Bytes digest; // SHA-256 of the directories, one after the other
  };

  [[nodiscard]] std::string read_card_number(reader::Transaction& transaction) override;
  [[nodiscard]] std::vector<CardCertificate> read_certificates(reader::Transaction& transaction) override;
  [[nodiscard]] Bytes directory_that_was_read() const override;
  [[nodiscard]] bool compare_directory(reader::Transaction& transaction, ByteView directory) override;
  // A whole block goes to a card that takes one. Another card pads by itself: of a signature's block (PKCS #1 type 1)
  // it gets what is inside, and everything else is refused with BadRequest, since such a card takes the padding of what
  // it decrypts away and cannot give the whole block.
  [[nodiscard]] SecureBytes do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                                 std::uint8_t key_reference, ByteView block) override;
  void do_verify_pin(reader::Transaction& transaction, const Pin& pin) override;
  [[nodiscard]] Bytes read_random(reader::Transaction& transaction) override;

  void read_token_info(reader::Transaction& transaction);
  void read_contents(reader::Transaction& transaction);
  [[nodiscard]] const Pkcs15Key* key_for(ByteView id, std::size_t modulus_octets) const;
  [[nodiscard]] const Pkcs15Key& key_of_reference(std::uint8_t reference) const;
  [[nodiscard]] const Pkcs15Algorithm* algorithm_of(const Pkcs15Key& key, Pkcs15Algorithm::Kind kind) const;

  Pkcs15Habits m_habits;
  std::optional<Pkcs15TokenInfo> m_info;
  std::optional<Contents> m_contents;
  Bytes m_fingerprint; // of what the last read_certificates() gave; empty when it left something out
};

} // namespace twcard::card
