// The certificates on a citizen certificate card, and the keys that belong to them.
// Source: docs/cards/citizen.md, "Certificates" and "Public keys".
#pragma once

#include "driver/card/citizen/hicos_files.hpp"
#include "driver/card/signing_card.hpp"

#include <vector>

namespace twcard::card {

struct HicosCertificates {
  std::vector<CardCertificate> certificates;
  // What 4104 said, up to and with the first octet that begins no entry; empty when it was not usable or is full.
  Bytes directory;
};

// As SigningCard::certificates. Reads the directory 4104 for the offsets, or takes the usual ones when it is missing or
// damaged; then of 08F2 only the octets that belong to certificates, each once; then of each key's record only the one
// that tells which certificate it belongs to.
[[nodiscard]] HicosCertificates read_hicos_certificates(HicosFiles& files);

// Whether 4104 begins with these octets.
[[nodiscard]] bool hicos_directory_begins_with(HicosFiles& files, ByteView directory);

} // namespace twcard::card
