// Certificates whose names OpenSSL refuses to decode, such as a BMPString with surrogate pairs, which names beyond the
// basic plane make. Hostile input: what is not well-formed gives nothing.
#pragma once

#include "driver/base/bytes.hpp"

#include <optional>

namespace twcard::crypto {

// Both names of a certificate (RFC 5280 section 4.1), as they are encoded there.
struct CertificateNames {
  ByteView issuer;
  ByteView subject;
};
[[nodiscard]] std::optional<CertificateNames> names_in(ByteView certificate);

// The certificate with every text of its names as UTF8String; what cannot be read becomes U+FFFD. For reading only: its
// signature is that of the original.
[[nodiscard]] std::optional<Bytes> with_readable_names(ByteView certificate);

} // namespace twcard::crypto
