// What the middleware needs to know from an X.509 certificate, and the one thing that it does with one.
// Hostile input: certificates come from cards. They are parsed by OpenSSL, in twcardd only.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/holder.hpp"

#include <string>
#include <vector>

namespace twcard::card {

inline constexpr std::size_t max_certificate_octets = 8192;

struct CertificateInfo {
  std::string subject;     // RFC 2253 text in UTF-8; control characters are escaped
  std::string common_name; // of the subject, as it stands there; empty without one
  std::string issuer;
  std::string serial_number; // hexadecimal, upper case; "00", and "-7FFF" for a negative one
  std::string not_before;    // YYYY-MM-DDTHH:MM:SSZ
  std::string not_after;
  std::vector<std::string> usage; // RFC 5280 section 4.2.1.3: "digitalSignature", ...; empty without the extension
  bool authority = false;         // basic constraints say that it may issue certificates
  bool self_issued = false;       // subject and issuer are the same name
  HolderType holder = HolderType::Unknown;
  std::string last_four; // of the holder's national ID (holder.hpp)
  int key_bits = 0;
  Bytes modulus; // of an RSA key, big-endian, no leading zero; empty for another key

  // As pages of the old HiPKI component take them apart.
  std::string ordered_subject; // like `subject`, in the certificate's own order: a citizen's serialNumber stands last
  std::string ordered_issuer;
  Bytes public_key;        // subjectPublicKey: of an RSA key an RSAPublicKey (RFC 8017 appendix A.1.1) in DER
  Bytes issuer_and_serial; // IssuerAndSerialNumber (RFC 5652 section 10.2.4) in DER

  [[nodiscard]] bool has_usage(std::string_view name) const;
};

// Throws Error(BadCardData) for what is not exactly one certificate, or is longer than 8 KiB.
[[nodiscard]] CertificateInfo parse_certificate(ByteView der);

// Whether `signature` is an RSASSA-PKCS1-v1_5 signature (RFC 8017 section 8.2) of the hash by the key of the
// certificate. Throws Error(BadCardData) like parse_certificate.
[[nodiscard]] bool verifies(ByteView certificate, HashFunction function, ByteView hash, ByteView signature);

} // namespace twcard::card
