// A short proof that certificates on a card are still those that were read once. The end of a certificate is the end of
// its issuer's signature: it is another one whenever anything in the certificate is, also when the issuer has renewed
// it in the same place with the same length.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace twcard::card {

// Where the end of a certificate lies: in a file, or in whatever else the driver counts from.
struct CertificateEnd {
  std::size_t place = 0; // below 65536
  Bytes octets;          // as many as end_octets() says
};

struct CertificateFingerprint {
  Bytes directory; // what the card's directory said, or a digest of it; at most 65535 octets
  std::vector<CertificateEnd> ends;

  // One text of octets for whoever keeps it.
  [[nodiscard]] Bytes to_octets() const;
  // nullopt for anything that to_octets() does not give.
  [[nodiscard]] static std::optional<CertificateFingerprint> from_octets(ByteView octets);
};

// How many octets of each end are compared when there are so many certificates, 1 to 16: 8 while a SELECT and the reads
// cost less than 300 octets on the line of a T=1 card with those, else fewer.
[[nodiscard]] std::size_t end_octets(std::size_t certificates);

} // namespace twcard::card
