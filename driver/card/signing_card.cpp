#include "driver/card/signing_card.hpp"

#include "driver/base/error.hpp"

#include <fmt/format.h>

namespace twcard::card {

std::string SigningCard::card_number(reader::Transaction& transaction) {
  return read_card_number(transaction);
}

std::vector<CardCertificate> SigningCard::certificates(reader::Transaction& transaction) {
  return read_certificates(transaction);
}

SecureBytes SigningCard::private_operation(reader::Transaction& transaction, const Pin& pin, std::uint8_t key_reference,
                                           ByteView block) {
  if (const auto missing = missing_profile()) throw Error(Errc::ProfileMissing, *missing);
  const auto policy = pin_policy();
  if (pin.size() < policy.min_length || pin.size() > policy.max_length)
    throw Error(Errc::PinLength,
                fmt::format("the PIN of this card has {} to {} characters", policy.min_length, policy.max_length));
  return do_private_operation(transaction, pin, key_reference, block);
}

Bytes SigningCard::random(reader::Transaction& transaction) {
  return read_random(transaction);
}

} // namespace twcard::card
