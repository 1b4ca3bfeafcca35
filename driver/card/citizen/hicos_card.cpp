#include "driver/card/citizen/hicos_card.hpp"

#include "driver/apdu/hicos_pin_block.hpp"
#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/card/citizen/hicos_certificates.hpp"
#include "driver/card/citizen/hicos_files.hpp"
#include "driver/card/citizen/hicos_private_key.hpp"
#include "driver/crypto/random.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr std::uint16_t master_file = 0x3F00;
constexpr std::size_t challenge_octets = 8;

apdu::CommandApdu verify_command(ByteView pin_block) {
  return {0x8C, 0x20, 0x00, 0x01, ScrubbedBytes(pin_block.begin(), pin_block.end()), std::nullopt};
}

std::array<std::uint8_t, apdu::hicos_iv_size> random_iv() {
  std::array<std::uint8_t, apdu::hicos_iv_size> iv{};
  crypto::fill_with_random(iv);
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
  return read_card_number_file(files);
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
  return hicos_certificates_are_still(files, directory);
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
  if (block.size() != hicos_block_octets) throw Error(Errc::BadRequest, "block: not 256 octets");
  if (!m_keys.empty() && std::find(m_keys.begin(), m_keys.end(), key_reference) == m_keys.end())
    throw Error(Errc::BadRequest, "key: not one of the card's");

  log_in(transaction, pin);
  const auto send = [&transaction](const apdu::CommandApdu& command) { return reader::exchange(transaction, command); };
  return use_private_key(send, key_reference, block);
}

void HicosCard::do_verify_pin(reader::Transaction& transaction, const Pin& pin) {
  HicosFiles(transaction).select_path({0x5030, 0x0810});
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
