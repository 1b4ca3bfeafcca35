// The card's side of the GlobalPlatform secure channel protocol 03 (Card Specification, Amendment D) with AES-128, MACs
// of 8 octets and random challenges; C-MAC with or without C-DECRYPTION, no response protection.
//
// Written for itself: nothing of the host's side (driver/apdu/scp03.hpp) is used.
#pragma once

#include "driver/apdu/command_apdu.hpp"

#include <string_view>
#include <variant>

namespace twcard::simulator {

// Keys that stay on the card, 16 octets each.
struct ChannelKeys {
  Bytes encryption;
  Bytes mac;
};

// The simulator's own master key for generation 2 cards, and the keys of a card (ID of 10 octets) that follow from it.
// A test key: its octets are the ASCII text "twcard-sim key M".
inline constexpr std::string_view master_key = "twcard-sim key M";
[[nodiscard]] ChannelKeys channel_keys_of(ByteView card_id);

class SecureChannel final {
public:
  SecureChannel(ChannelKeys keys, Bytes card_id) : m_keys(std::move(keys)), m_card_id(std::move(card_id)) {}

  // INITIALIZE UPDATE: ends an open session, begins a new one.
  [[nodiscard]] apdu::ResponseApdu initialize_update(const apdu::CommandApdu& command);
  // EXTERNAL AUTHENTICATE: opens it. A wrong MAC, a wrong cryptogram, a level that there is not: none is open.
  [[nodiscard]] apdu::ResponseApdu external_authenticate(const apdu::CommandApdu& command);
  [[nodiscard]] bool is_open() const { return m_state == State::Open; }
  // Commands are encrypted: the level is 03.
  [[nodiscard]] bool encrypts() const { return m_encrypts; }
  void close();

  // The command without its protection, or what it is refused with; every refusal ends the session.
  [[nodiscard]] std::variant<apdu::CommandApdu, apdu::StatusWord> open(const apdu::CommandApdu& command);

private:
  enum class State { Closed, Challenged, Open };

  [[nodiscard]] bool take_mac(apdu::CommandApdu& command);
  [[nodiscard]] bool decrypt(apdu::CommandApdu& command) const;

  ChannelKeys m_keys;
  Bytes m_card_id;
  State m_state = State::Closed;
  bool m_encrypts = false;
  Bytes m_challenges; // host's, card's
  Bytes m_session_encryption_key;
  Bytes m_session_mac_key;
  Bytes m_chaining_value;
  std::uint32_t m_counter = 0;
};

} // namespace twcard::simulator
