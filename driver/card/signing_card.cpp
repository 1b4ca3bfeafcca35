#include "driver/card/signing_card.hpp"

#include "driver/base/error.hpp"
#include "driver/card/certificate/certificate.hpp"

#include <fmt/format.h>

namespace twcard::card {

CertificateRole role_of(const CertificateInfo& info) {
  if (info.authority) return info.self_issued ? CertificateRole::RootCa : CertificateRole::IssuingCa;
  const bool encrypts = info.has_usage("keyEncipherment") || info.has_usage("dataEncipherment");
  return encrypts && !info.has_usage("digitalSignature") ? CertificateRole::Encryption : CertificateRole::Signature;
}

TokenNames SigningCard::names() const {
  return {"HiCOS PKI Smart Card", "Chunghwa TeleCom Co., Ltd.", "T7S"};
}

std::string SigningCard::card_number(reader::Transaction& transaction) {
  transaction.set_logged_in(false);
  return read_card_number(transaction);
}

std::vector<CardCertificate> SigningCard::certificates(reader::Transaction& transaction) {
  transaction.set_logged_in(false);
  return read_certificates(transaction);
}

bool SigningCard::has_certificate_directory(reader::Transaction& transaction, ByteView directory) {
  transaction.set_logged_in(false);
  try {
    return !directory.empty() && compare_directory(transaction, directory);
  } catch (const Error& error) {
    if (error.code() != Errc::BadCardData && error.code() != Errc::CardRefused && error.code() != Errc::PinRequired)
      throw;
    return false;
  }
}

void SigningCard::require_login_possible(const Pin& pin) const {
  if (const auto missing = missing_profile()) throw Error(Errc::ProfileMissing, *missing);
  const auto policy = pin_policy();
  if (pin.size() < policy.min_length || pin.size() > policy.max_length)
    throw Error(Errc::PinLength,
                fmt::format("the PIN of this card has {} to {} characters", policy.min_length, policy.max_length));
}

SecureBytes SigningCard::private_operation(reader::Transaction& transaction, const Pin& pin, std::uint8_t key_reference,
                                           ByteView block) {
  require_login_possible(pin);
  return do_private_operation(transaction, pin, key_reference, block);
}

void SigningCard::verify_pin(reader::Transaction& transaction, const Pin& pin) {
  require_login_possible(pin);
  transaction.set_logged_in(false);
  log_in(transaction, pin);
}

void SigningCard::log_in(reader::Transaction& transaction, const Pin& pin) {
  if (transaction.logged_in()) return;
  do_verify_pin(transaction, pin);
  transaction.set_logged_in(true);
}

Bytes SigningCard::random(reader::Transaction& transaction) {
  transaction.set_logged_in(false);
  return read_random(transaction);
}

} // namespace twcard::card
