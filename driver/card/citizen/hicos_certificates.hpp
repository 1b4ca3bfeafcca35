// The certificates on a citizen certificate card, and the keys that belong to them.
// Source: docs/cards/citizen.md, "Certificates" and "Public keys".
#pragma once

#include "driver/card/citizen/hicos_files.hpp"
#include "driver/card/signing_card.hpp"

#include <vector>

namespace twcard::card {

struct HicosCertificates {
  std::vector<CardCertificate> certificates;
  // What 4104 said, up to and with the first octet that begins no entry, and how the certificates ended, as a
  // CertificateFingerprint; empty when 4104 was not usable or is full, or a certificate was left out.
  Bytes directory;
};

// As SigningCard::certificates. Reads the directory 4104 for the offsets, or takes the usual ones when it is missing or
// damaged; then of 08F2 only the octets that belong to certificates, each once; then of each key's record only the one
// that tells which certificate it belongs to.
[[nodiscard]] HicosCertificates read_hicos_certificates(HicosFiles& files);

// Whether 4104 and 08F2 are still as this fingerprint says: at most 300 octets on the line beyond reading 4104.
[[nodiscard]] bool hicos_certificates_are_still(HicosFiles& files, ByteView fingerprint);

} // namespace twcard::card
