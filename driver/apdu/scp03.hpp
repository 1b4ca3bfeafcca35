// The host's side of secure channel protocol 03: GlobalPlatform Card Specification, Amendment D, with AES-128 and MACs
// of 8 octets (S8). Commands are protected, responses are not (no R-MAC).
//
// Order: INITIALIZE UPDATE (plain), Scp03Session, authentic(), external_authenticate(), then wrap() for every command.
// A session is a chain: each MAC covers the one before, and the encryption counts the commands. A command that was
// wrapped has to be sent, once and in order; after a refusal the card ends the session and a new one is needed.
#pragma once

#include "driver/apdu/command_apdu.hpp"

#include <cstddef>
#include <cstdint>

namespace twcard::apdu {

inline constexpr std::size_t scp03_challenge_size = 8;
inline constexpr std::size_t scp03_cryptogram_size = 8;

// What protects the commands after EXTERNAL AUTHENTICATE (its P1; Amendment D section 7.1.2). Every level has the MAC.
enum class Scp03Level : std::uint8_t {
  Mac = 0x01,             // C-MAC: the command's data stay readable
  MacAndEncryption = 0x03 // C-MAC and C-DECRYPTION: the data are also encrypted
};

// The derivation constants of Amendment D section 4.1.5, table 4-1.
enum class Scp03Derivation : std::uint8_t {
  CardCryptogram = 0x00,
  HostCryptogram = 0x01,
  CardChallenge = 0x02,
  EncryptionKey = 0x04,
  MacKey = 0x06
};

// `bits` (64 or 128) of key material: AES-CMAC in the counter mode of NIST SP 800-108 over the one block
// 00 (11 times), constant, 00, length in bits (2 octets), counter 01, context (Amendment D section 4.1.5).
[[nodiscard]] ScrubbedBytes scp03_derive(ByteView key, Scp03Derivation constant, ByteView context, unsigned bits);

// Keys that stay on the card, 16 octets each.
struct Scp03Keys {
  ScrubbedBytes encryption; // Key-ENC
  ScrubbedBytes mac;        // Key-MAC
};

// INITIALIZE UPDATE, section 7.1.1. Throws Error(BadRequest) unless the challenge has 8 octets.
[[nodiscard]] CommandApdu initialize_update(std::uint8_t key_version, ByteView host_challenge);

class Scp03Session final {
public:
  // Derives the keys of the session. Challenges of 8 octets: Error(BadRequest) otherwise.
  Scp03Session(const Scp03Keys& keys, ByteView host_challenge, ByteView card_challenge);

  // Whether the card has the same keys, by the cryptogram of its answer to INITIALIZE UPDATE.
  [[nodiscard]] bool authentic(ByteView card_cryptogram) const;
  // EXTERNAL AUTHENTICATE, section 7.1.2: sets the level.
  [[nodiscard]] CommandApdu external_authenticate(Scp03Level level);
  // The command with secure messaging, section 6.2: class with the secure messaging bit, encrypted data (if there are
  // any), MAC. Throws Error(BadRequest) when that is over 255 octets: more than 247 of data, or 239 with encryption.
  [[nodiscard]] CommandApdu wrap(const CommandApdu& command);

private:
  void append_mac(CommandApdu& command);
  [[nodiscard]] ScrubbedBytes encrypted(ByteView data, std::uint32_t number) const;

  ScrubbedBytes m_encryption_key;
  ScrubbedBytes m_mac_key;
  ScrubbedBytes m_challenges;
  ScrubbedBytes m_chaining_value; // the whole MAC of the command before
  std::uint32_t m_commands = 0;   // since EXTERNAL AUTHENTICATE
  bool m_encrypts = false;
};

} // namespace twcard::apdu
