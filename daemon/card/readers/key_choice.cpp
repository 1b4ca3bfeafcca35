#include "daemon/card/readers/key_choice.hpp"

#include "driver/card/certificate/validity.hpp"

#include <algorithm>

namespace twcard::service {

namespace {

constexpr std::string_view digital_signature = "digitalSignature";

bool allows(const card::CertificateInfo& info, std::initializer_list<std::string_view> usages) {
  return info.usage.empty() || std::ranges::any_of(usages, [&info](auto usage) { return info.has_usage(usage); });
}

// Lower is better.
int rank(const TokenCertificate& certificate, std::string_view now) {
  const bool valid = card::is_valid_at(certificate.info, now);
  return (valid ? 0 : 2) + (certificate.info.has_usage(digital_signature) ? 0 : 1);
}

} // namespace

bool is_for(const TokenCertificate& certificate, KeyUse use) {
  const auto& info = certificate.info;
  if (!certificate.on_card.key_reference || info.modulus.empty() || info.authority) return false;
  switch (use) {
  case KeyUse::Login: return allows(info, {digital_signature});
  case KeyUse::Signing: return allows(info, {digital_signature, "nonRepudiation"});
  case KeyUse::Decryption: return allows(info, {"keyEncipherment", "dataEncipherment"});
  }
  return false;
}

bool is_able(const Snapshot& snapshot, const TokenCertificate& certificate, KeyUse use) {
  if (use != KeyUse::Decryption) return certificate.key.signs;
  // A vendor's library takes the padding off by itself, where a whole block is not to be had.
  return certificate.key.decrypts || !snapshot.vendor_library.empty();
}

const TokenCertificate* key_for(const Snapshot& snapshot, KeyUse use, std::string_view now,
                                const std::optional<std::string>& id) {
  const TokenCertificate* best = nullptr;
  for (const auto& certificate : snapshot.certificates) {
    if (id && certificate.on_card.id != *id) continue;
    if (!is_for(certificate, use) || !is_able(snapshot, certificate, use)) continue;
    if (best == nullptr || rank(certificate, now) < rank(*best, now)) best = &certificate;
  }
  return best;
}

} // namespace twcard::service
