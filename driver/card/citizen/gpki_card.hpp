// The generation 2 citizen certificate card: a GPKI applet on a GlobalPlatform Java Card. The files are those of
// generation 1; PIN and keys are behind a secure channel (SCP03). Source: docs/cards/citizen.md, "Generation 2".
#pragma once

#include "driver/apdu/scp03.hpp"
#include "driver/card/profile/card_profile.hpp"
#include "driver/card/signing_card.hpp"

#include <optional>

namespace twcard::card {

class GpkiCard final : public SigningCard {
public:
  // Without a profile everything works but what needs a login.
  GpkiCard(Bytes atr, std::optional<GpkiProfile> profile);

  // SELECT of the applet: whether the card has it.
  [[nodiscard]] static bool probe(reader::Transaction& transaction);

  [[nodiscard]] CardKind kind() const noexcept override { return CardKind::Gpki; }
  [[nodiscard]] PinPolicy pin_policy() const noexcept override { return {6, 8}; }
  [[nodiscard]] std::optional<std::string> missing_profile() const override;

private:
  [[nodiscard]] std::string read_card_number(reader::Transaction& transaction) override;
  [[nodiscard]] std::vector<CardCertificate> read_certificates(reader::Transaction& transaction) override;
  [[nodiscard]] SecureBytes do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                                 std::uint8_t key_reference, ByteView block) override;
  [[nodiscard]] Bytes directory_that_was_read() const override { return m_directory; }
  [[nodiscard]] bool compare_directory(reader::Transaction& transaction, ByteView directory) override;
  // Opens a session for it, which the next private operation uses up.
  void do_verify_pin(reader::Transaction& transaction, const Pin& pin) override;
  [[nodiscard]] Bytes read_random(reader::Transaction& transaction) override;

  // The card's own keys; it is asked for its ID once an insertion.
  [[nodiscard]] const apdu::Scp03Keys& keys(reader::Transaction& transaction);
  // Selects the applet and opens a secure channel to it. A card that does not know the keys receives nothing more:
  // Error(ProfileMissing).
  [[nodiscard]] apdu::Scp03Session open_session(reader::Transaction& transaction);
  // Finds out in which form the card takes SELECT inside a session, unless that is known. To be called before the PIN
  // is sent: a SELECT is harmless, and after a PIN no command is repeated. Returns a session that is open.
  [[nodiscard]] apdu::Scp03Session learn_select(reader::Transaction& transaction, apdu::Scp03Session session);

  Bytes m_atr;
  std::optional<GpkiProfile> m_profile;
  std::optional<apdu::Scp03Keys> m_keys;
  std::optional<bool> m_select_has_le; // inside a session; learnt once per insertion
  // Of a transaction that is logged in: good for one private operation.
  std::optional<apdu::Scp03Session> m_session;
  std::vector<std::uint8_t> m_key_references; // that read_certificates() found
  Bytes m_directory;                          // what it found them by
};

} // namespace twcard::card
