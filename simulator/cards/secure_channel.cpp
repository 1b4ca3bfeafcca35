#include "simulator/cards/secure_channel.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/crypto/crypto.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::size_t challenge_octets = 8;
constexpr std::size_t cryptogram_octets = 8;
constexpr std::size_t mac_octets = 8;
constexpr std::size_t block_octets = 16;
constexpr std::uint8_t key_version = 0x01;
constexpr std::uint8_t protocol = 0x03;
constexpr std::uint8_t random_challenges = 0x00; // the option "i": nothing beyond
constexpr std::uint8_t level_mac = 0x01;
constexpr std::uint8_t level_mac_and_encryption = 0x03;
constexpr std::uint8_t secure_messaging = 0x04;

// Amendment D, table 4-1.
constexpr std::uint8_t derive_card_cryptogram = 0x00;
constexpr std::uint8_t derive_host_cryptogram = 0x01;
constexpr std::uint8_t derive_encryption_key = 0x04;
constexpr std::uint8_t derive_mac_key = 0x06;

// The end of the AID of the domain that has the keys.
const Bytes end_of_domain{0x53, 0x89, 0xC0, 0x00, 0x14};

Bytes derive(ByteView key, std::uint8_t constant, ByteView context, std::size_t octets) {
  Bytes input(11, 0x00);
  input.push_back(constant);
  input.push_back(0x00);
  input.push_back(0x00);
  input.push_back(static_cast<std::uint8_t>(octets * 8));
  input.push_back(0x01);
  input.insert(input.end(), context.begin(), context.end());
  auto output = aes_cmac(key, input);
  output.resize(octets);
  return output;
}

} // namespace

ChannelKeys channel_keys_of(ByteView card_id) {
  const auto key = [&](std::uint8_t type, std::uint8_t constant) {
    return derive(as_bytes(master_key), constant, joined({Bytes{type}, card_id, end_of_domain}), block_octets);
  };
  return {key(0x01, derive_encryption_key), key(0x02, derive_mac_key)};
}

void SecureChannel::close() {
  m_state = State::Closed;
  m_encrypts = false;
}

apdu::ResponseApdu SecureChannel::initialize_update(const apdu::CommandApdu& command) {
  close();
  if (command.p2 != 0x00) return only(sw::incorrect_p1_p2);
  if (command.p1 != 0x00 && command.p1 != key_version) return only(sw::referenced_data_not_found);
  if (command.data.size() != challenge_octets) return only(sw::wrong_length);

  m_challenges = joined({command.data, random_octets(challenge_octets)});
  m_session_encryption_key = derive(m_keys.encryption, derive_encryption_key, m_challenges, block_octets);
  m_session_mac_key = derive(m_keys.mac, derive_mac_key, m_challenges, block_octets);
  m_chaining_value.assign(block_octets, 0x00);
  m_counter = 0;
  m_state = State::Challenged;
  const auto cryptogram = derive(m_session_mac_key, derive_card_cryptogram, m_challenges, cryptogram_octets);
  const auto card_challenge = ByteView(m_challenges).last(challenge_octets);
  const Bytes information{key_version, protocol, random_challenges};
  return {joined({m_card_id, information, card_challenge, cryptogram}), sw::ok};
}

apdu::ResponseApdu SecureChannel::external_authenticate(const apdu::CommandApdu& command) {
  if (m_state != State::Challenged) {
    close();
    return only(sw::conditions_not_satisfied);
  }
  m_state = State::Closed;
  if (command.p2 != 0x00) return only(sw::incorrect_p1_p2);
  if (command.p1 != 0x00 && command.p1 != level_mac && command.p1 != level_mac_and_encryption)
    return only(sw::incorrect_p1_p2);
  if (command.data.size() != cryptogram_octets + mac_octets) return only(sw::wrong_length);
  auto opened = command;
  if (!take_mac(opened)) return only(sw::security_status_not_satisfied);
  const auto expected = derive(m_session_mac_key, derive_host_cryptogram, m_challenges, cryptogram_octets);
  if (!std::equal(expected.begin(), expected.end(), opened.data.begin(), opened.data.end()))
    return only(sw::authentication_failed);
  m_encrypts = command.p1 == level_mac_and_encryption;
  m_state = State::Open;
  return only(sw::ok);
}

std::variant<apdu::CommandApdu, apdu::StatusWord> SecureChannel::open(const apdu::CommandApdu& command) {
  if (m_state != State::Open) return sw::conditions_not_satisfied;
  auto opened = command;
  ++m_counter;
  if (!take_mac(opened) || (m_encrypts && !opened.data.empty() && !decrypt(opened))) {
    close();
    return sw::security_status_not_satisfied;
  }
  opened.cla = static_cast<std::uint8_t>(opened.cla & ~secure_messaging);
  return opened;
}

bool SecureChannel::take_mac(apdu::CommandApdu& command) {
  if (command.data.size() < mac_octets || command.data.size() > 255) return false;
  const auto length = static_cast<std::uint8_t>(command.data.size());
  const Bytes mac(command.data.end() - mac_octets, command.data.end());
  command.data.resize(command.data.size() - mac_octets);
  const Bytes header{command.cla, command.ins, command.p1, command.p2, length};
  m_chaining_value = aes_cmac(m_session_mac_key, joined({m_chaining_value, header, command.data}));
  return std::equal(mac.begin(), mac.end(), m_chaining_value.begin());
}

bool SecureChannel::decrypt(apdu::CommandApdu& command) const {
  if (command.data.size() % block_octets != 0) return false;
  Bytes counter(block_octets, 0x00);
  for (std::size_t i = 0; i < 4; ++i) counter[block_octets - 1 - i] = static_cast<std::uint8_t>(m_counter >> (8 * i));
  const auto iv = aes_cbc_encrypt(m_session_encryption_key, Bytes(block_octets, 0x00), counter);
  auto plain = aes_cbc_decrypt(m_session_encryption_key, iv, command.data);
  const auto mark = std::find_if(plain.rbegin(), plain.rend(), [](auto octet) { return octet != 0x00; });
  if (mark == plain.rend() || *mark != 0x80 || mark - plain.rbegin() >= static_cast<std::ptrdiff_t>(block_octets))
    return false;
  command.data.assign(plain.begin(), mark.base() - 1);
  return true;
}

} // namespace twcard::simulator
