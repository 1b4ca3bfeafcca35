// The certificate of twcard-web's TLS addresses on this machine, and the authority that issues it:
// docs/dialects/setup.md, "The certificate". The authority's private key exists only inside issue_legacy_certificate(),
// in locked memory.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::cli {

// It is renewed when fewer days are left.
inline constexpr long days_of_renewal = 30;

// As OpenSSL's configuration writes the alternative names of a certificate.
[[nodiscard]] std::string legacy_names();

// PEM texts.
struct LegacyCertificate {
  std::string chain;     // the leaf, then the authority
  std::string authority; // alone, for those who trust it
  std::string key;       // the leaf's private key, PKCS#8
};

// A new authority that may issue for no other names than these: localhost, iccert.nhi.gov.tw, 127.0.0.1, ::1 (RFC 5280
// section 4.2.1.10, critical), and a leaf, P-256, both for 397 days from `now`. A leaf with other names than these is
// of no use. Throws Error(Internal) when OpenSSL fails.
[[nodiscard]] LegacyCertificate issue_legacy_certificate(std::time_t now,
                                                         const std::string& leaf_names = legacy_names());

// When the leaf ends; nullopt when the parts do not belong together, or are no certificates.
[[nodiscard]] std::optional<std::time_t> end_of(const LegacyCertificate& certificate);

// Whether all of it fits together: key to leaf, leaf to authority, the names, and `days_of_renewal` left at `now`.
[[nodiscard]] bool is_usable(const LegacyCertificate& certificate, std::time_t now);

} // namespace twcard::cli
