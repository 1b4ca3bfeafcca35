#include "driver/apdu/scp03.hpp"

#include "driver/apdu/aes_cmac.hpp"
#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace twcard::apdu {

namespace {

constexpr std::size_t mac_size = 8;
constexpr std::size_t max_short_data = 255;
constexpr unsigned key_bits = 128;
constexpr unsigned cryptogram_bits = 64;
constexpr std::uint8_t cla_global_platform = 0x80;
constexpr std::uint8_t secure_messaging = 0x04;

// AES-128 in CBC mode on whole blocks.
ScrubbedBytes encrypt_cbc(ByteView key, ByteView iv, ByteView plain) {
  const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  ScrubbedBytes cipher(plain.size());
  int size = 0;
  if (context == nullptr || EVP_EncryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, key.data(), iv.data()) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_EncryptUpdate(context.get(), cipher.data(), &size, plain.data(), static_cast<int>(plain.size())) != 1 ||
      static_cast<std::size_t>(size) != cipher.size())
    throw Error(Errc::Internal, "AES is not available in OpenSSL");
  return cipher;
}

ScrubbedBytes both(ByteView host_challenge, ByteView card_challenge) {
  if (host_challenge.size() != scp03_challenge_size || card_challenge.size() != scp03_challenge_size)
    throw Error(Errc::BadRequest, "SCP03: a challenge that is not 8 octets long");
  ScrubbedBytes challenges(host_challenge.begin(), host_challenge.end());
  append(challenges, card_challenge);
  return challenges;
}

} // namespace

ScrubbedBytes scp03_derive(ByteView key, Scp03Derivation constant, ByteView context, unsigned bits) {
  constexpr std::size_t leading_zeros = 11;
  ScrubbedBytes block(leading_zeros);
  append(block, Bytes{static_cast<std::uint8_t>(constant), 0x00, static_cast<std::uint8_t>(bits >> 8),
                      static_cast<std::uint8_t>(bits & 0xFF), 0x01});
  append(block, context);
  auto derived = aes_cmac(key, block);
  derived.resize(bits / 8);
  return derived;
}

CommandApdu initialize_update(std::uint8_t key_version, ByteView host_challenge) {
  if (host_challenge.size() != scp03_challenge_size)
    throw Error(Errc::BadRequest, "SCP03: a challenge that is not 8 octets long");
  return {
      cla_global_platform, 0x50, key_version, 0x00, ScrubbedBytes(host_challenge.begin(), host_challenge.end()), 256};
}

Scp03Session::Scp03Session(const Scp03Keys& keys, ByteView host_challenge, ByteView card_challenge)
    : m_challenges(both(host_challenge, card_challenge)), m_chaining_value(aes_block_size) {
  m_encryption_key = scp03_derive(keys.encryption, Scp03Derivation::EncryptionKey, m_challenges, key_bits);
  m_mac_key = scp03_derive(keys.mac, Scp03Derivation::MacKey, m_challenges, key_bits);
}

bool Scp03Session::authentic(ByteView card_cryptogram) const {
  const auto expected = scp03_derive(m_mac_key, Scp03Derivation::CardCryptogram, m_challenges, cryptogram_bits);
  return card_cryptogram.size() == expected.size() &&
         CRYPTO_memcmp(card_cryptogram.data(), expected.data(), expected.size()) == 0;
}

CommandApdu Scp03Session::external_authenticate(Scp03Level level) {
  CommandApdu command{cla_global_platform | secure_messaging,
                      0x82,
                      static_cast<std::uint8_t>(level),
                      0x00,
                      scp03_derive(m_mac_key, Scp03Derivation::HostCryptogram, m_challenges, cryptogram_bits),
                      std::nullopt};
  append_mac(command);
  m_encrypts = level == Scp03Level::MacAndEncryption;
  return command;
}

CommandApdu Scp03Session::wrap(const CommandApdu& command) {
  CommandApdu wrapped = command;
  wrapped.cla = static_cast<std::uint8_t>(command.cla | secure_messaging);
  const auto number = m_commands + 1; // commands without data also count
  if (m_encrypts && !command.data.empty()) wrapped.data = encrypted(command.data, number);
  append_mac(wrapped);
  m_commands = number;
  return wrapped;
}

ScrubbedBytes Scp03Session::encrypted(ByteView data, std::uint32_t number) const {
  ScrubbedBytes padded(data.begin(), data.end());
  padded.push_back(0x80);
  padded.resize((padded.size() + aes_block_size - 1) / aes_block_size * aes_block_size);

  ScrubbedBytes counter(aes_block_size);
  for (std::size_t i = 0; i < sizeof number; ++i)
    counter[aes_block_size - 1 - i] = static_cast<std::uint8_t>(number >> 8 * i & 0xFF);
  // CBC of one block from zero is the block cipher itself.
  const auto iv = encrypt_cbc(m_encryption_key, Bytes(aes_block_size), counter);
  return encrypt_cbc(m_encryption_key, iv, padded);
}

void Scp03Session::append_mac(CommandApdu& command) {
  const auto size = command.data.size() + mac_size;
  if (size > max_short_data) throw Error(Errc::BadRequest, "SCP03: too many octets for a protected command");
  ScrubbedBytes covered = m_chaining_value;
  append(covered, Bytes{command.cla, command.ins, command.p1, command.p2, static_cast<std::uint8_t>(size)});
  append(covered, command.data);
  m_chaining_value = aes_cmac(m_mac_key, covered);
  append(command.data, ByteView(m_chaining_value).first(mac_size));
}

} // namespace twcard::apdu
