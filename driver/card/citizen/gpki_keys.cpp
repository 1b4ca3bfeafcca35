#include "driver/card/citizen/gpki_keys.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr unsigned key_bits = 128;
constexpr std::uint8_t type_encryption = 0x01;
constexpr std::uint8_t type_mac = 0x02;
constexpr std::size_t aid_octets_used = 5;

ScrubbedBytes copy(const Bytes& octets) {
  return {octets.begin(), octets.end()};
}

// Type of the key, card ID, the end of the security domain's AID.
Bytes context(std::uint8_t type, ByteView card_id) {
  Bytes octets{type};
  octets.insert(octets.end(), card_id.begin(), card_id.end());
  octets.insert(octets.end(), gpki_manager_aid.end() - aid_octets_used, gpki_manager_aid.end());
  return octets;
}

} // namespace

apdu::Scp03Keys gpki_keys(const GpkiProfile& profile, ByteView card_id) {
  if (card_id.size() != gpki_card_id_octets) throw Error(Errc::BadRequest, "card ID: not 10 octets");
  if (profile.master_key)
    return {
        apdu::scp03_derive(*profile.master_key, apdu::Scp03Derivation::EncryptionKey, context(type_encryption, card_id),
                           key_bits),
        apdu::scp03_derive(*profile.master_key, apdu::Scp03Derivation::MacKey, context(type_mac, card_id), key_bits)};
  const auto card = std::find_if(profile.cards.begin(), profile.cards.end(), [card_id](const auto& each) {
    return std::equal(each.card_id.begin(), each.card_id.end(), card_id.begin(), card_id.end());
  });
  if (card == profile.cards.end())
    throw Error(Errc::ProfileMissing,
                fmt::format("the card profile \"{}\" has no keys for this card (docs/card-profiles.md)", profile.name));
  return {copy(card->encryption), copy(card->mac)};
}

} // namespace twcard::card
