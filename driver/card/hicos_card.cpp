#include "driver/card/hicos_card.hpp"

#include "driver/apdu/hicos_pin_block.hpp"
#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/card/hicos_certificates.hpp"
#include "driver/card/hicos_files.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/rand.h>

namespace twcard::card {

namespace {

constexpr std::uint16_t master_file = 0x3F00;
constexpr std::size_t card_number_digits = 16;
constexpr std::size_t challenge_octets = 8;
constexpr std::size_t block_octets = 256; // RSA 2048
constexpr std::size_t half_octets = block_octets / 2;

apdu::CommandApdu verify_command(ByteView pin_block) {
  return {0x8C, 0x20, 0x00, 0x01, ScrubbedBytes(pin_block.begin(), pin_block.end()), std::nullopt};
}

apdu::CommandApdu first_half(std::uint8_t key, ByteView octets) {
  return {hicos_cla, 0xEA, 0x82, key, ScrubbedBytes(octets.begin(), octets.end()), std::nullopt};
}

apdu::CommandApdu last_half(std::uint8_t key, ByteView octets) {
  return {hicos_cla, 0xEA, 0x02, key, ScrubbedBytes(octets.begin(), octets.end()), std::nullopt};
}

apdu::CommandApdu rest_of_result() {
  return {hicos_cla, 0xC1, 0x00, 0x80, {}, half_octets};
}

// Appends a half of the result, and wipes it where it was: it may be a decrypted secret.
void take_half(apdu::ResponseApdu&& response, std::uint8_t* target) {
  apdu::expect_ok(response, "using the key");
  if (response.data.size() != half_octets)
    throw Error(Errc::BadCardData, "using the key: a result that is not 256 octets long");
  std::copy(response.data.begin(), response.data.end(), target);
  wipe(response.data.data(), response.data.size());
}

std::array<std::uint8_t, apdu::hicos_iv_size> random_iv() {
  std::array<std::uint8_t, apdu::hicos_iv_size> iv{};
  if (RAND_bytes(iv.data(), static_cast<int>(iv.size())) != 1)
    throw Error(Errc::Internal, "OpenSSL has no random numbers");
  return iv;
}

} // namespace

HicosCard::HicosCard(Bytes atr, std::optional<HicosProfile> profile)
    : m_atr(std::move(atr)), m_profile(std::move(profile)) {}

bool HicosCard::probe(reader::Transaction& transaction) {
  return reader::exchange(transaction, apdu::select_file(hicos_cla, master_file)).status.ok();
}

std::optional<std::string> HicosCard::missing_profile() const {
  if (m_profile) return std::nullopt;
  return fmt::format("no card profile of kind hicos for the ATR {} (docs/card-profiles.md)", to_hex(m_atr));
}

std::string HicosCard::read_card_number(reader::Transaction& transaction) {
  HicosFiles files(transaction);
  files.select({master_file, 0x0900, 0x0903});
  const auto octets = files.read(0, card_number_digits);
  const bool digits =
      std::all_of(octets.begin(), octets.end(), [](auto octet) { return octet >= '0' && octet <= '9'; });
  if (octets.size() != card_number_digits || !digits) throw Error(Errc::BadCardData, "card number: not 16 digits");
  return std::string(as_text(octets));
}

std::vector<CardCertificate> HicosCard::read_certificates(reader::Transaction& transaction) {
  HicosFiles files(transaction);
  auto reading = read_hicos_certificates(files);
  m_directory = std::move(reading.directory);
  m_keys.clear();
  for (const auto& certificate : reading.certificates)
    if (certificate.key_reference) m_keys.push_back(*certificate.key_reference);
  return std::move(reading.certificates);
}

bool HicosCard::compare_directory(reader::Transaction& transaction, ByteView directory) {
  HicosFiles files(transaction);
  return hicos_directory_begins_with(files, directory);
}

void HicosCard::verify(reader::Transaction& transaction, const Pin& pin) const {
  for (const auto& key : m_profile->transport_keys) {
    const std::span<const std::uint8_t, apdu::hicos_transport_key_size> transport_key(key);
    const auto command = verify_command(apdu::hicos_pin_block(pin, transport_key, random_iv()));
    transaction.pin_follows();
    // Not exchange(): nothing that the card answers may send the PIN a second time.
    const auto status = transaction.transmit(command).status;
    if (status.ok()) return;
    // Only this answer says that the card did not look at the PIN, because the key is not its own.
    if (status != apdu::sw::referenced_data_not_found) throw apdu::verify_error_of(status);
  }
  throw Error(Errc::ProfileMissing,
              fmt::format("no key of the card profile \"{}\" is this card's (docs/card-profiles.md)", m_profile->name));
}

SecureBytes HicosCard::do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                            std::uint8_t key_reference, ByteView block) {
  if (block.size() != block_octets) throw Error(Errc::BadRequest, "block: not 256 octets");
  if (!m_keys.empty() && std::find(m_keys.begin(), m_keys.end(), key_reference) == m_keys.end())
    throw Error(Errc::BadRequest, "key: not one of the card's");

  log_in(transaction, pin);
  SecureBytes result(block_octets);
  apdu::expect_ok(reader::exchange(transaction, first_half(key_reference, block.first(half_octets))), "using the key");
  take_half(reader::exchange(transaction, last_half(key_reference, block.last(half_octets))), result.data());
  take_half(reader::exchange(transaction, rest_of_result()), result.data() + half_octets);
  return result;
}

void HicosCard::do_verify_pin(reader::Transaction& transaction, const Pin& pin) {
  HicosFiles(transaction).select({master_file, 0x5030, 0x0810});
  verify(transaction, pin);
}

Bytes HicosCard::read_random(reader::Transaction& transaction) {
  auto response = reader::exchange(transaction, apdu::get_challenge(hicos_cla, challenge_octets));
  apdu::expect_ok(response, "asking the card for random octets");
  if (response.data.size() != challenge_octets)
    throw Error(Errc::BadCardData, "asking the card for random octets: not 8 octets");
  return std::move(response.data);
}

} // namespace twcard::card
