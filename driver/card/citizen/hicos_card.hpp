// The generation 1 citizen certificate card (HiCOS): certificates, RSA 2048 keys, a PIN under a transport key.
// Source: docs/cards/citizen.md.
#pragma once

#include "driver/card/profile/card_profile.hpp"
#include "driver/card/signing_card.hpp"

#include <optional>

namespace twcard::card {

class HicosCard final : public SigningCard {
public:
  // Without a profile everything works but what needs a login.
  HicosCard(Bytes atr, std::optional<HicosProfile> profile);

  // SELECT of the master file in the card's own class: whether the card takes it.
  [[nodiscard]] static bool probe(reader::Transaction& transaction);

  [[nodiscard]] CardKind kind() const noexcept override { return CardKind::Hicos; }
  [[nodiscard]] PinPolicy pin_policy() const noexcept override { return {6, 8}; }
  [[nodiscard]] std::optional<std::string> missing_profile() const override;

private:
  [[nodiscard]] std::string read_card_number(reader::Transaction& transaction) override;
  [[nodiscard]] std::vector<CardCertificate> read_certificates(reader::Transaction& transaction) override;
  [[nodiscard]] SecureBytes do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                                 std::uint8_t key_reference, ByteView block) override;
  [[nodiscard]] Bytes directory_that_was_read() const override { return m_directory; }
  [[nodiscard]] bool compare_directory(reader::Transaction& transaction, ByteView directory) override;
  void do_verify_pin(reader::Transaction& transaction, const Pin& pin) override;
  [[nodiscard]] Bytes read_random(reader::Transaction& transaction) override;

  void verify(reader::Transaction& transaction, const Pin& pin) const;

  Bytes m_atr;
  std::optional<HicosProfile> m_profile;
  std::vector<std::uint8_t> m_keys; // references that read_certificates() found
  Bytes m_directory;                // what it found them by
};

} // namespace twcard::card
