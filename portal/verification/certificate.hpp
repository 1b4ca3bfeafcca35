// A card holder's certificate, or a certificate authority's: the fields that a login looks at. Profile of the citizen
// certificate: docs/cards/citizen.md.
#pragma once

#include "driver/base/bytes.hpp"

#include <memory>
#include <optional>
#include <string>

using X509 = struct x509_st;

namespace twcard::portal {

class Certificate final {
public:
  // Exactly one DER certificate of at most 16 KiB. Throws Refusal(CertificateMalformed).
  [[nodiscard]] static Certificate from_der(ByteView der);
  // Adds a reference of its own to the OpenSSL object.
  explicit Certificate(X509* certificate);

  // UTF-8; empty when there is none.
  [[nodiscard]] std::string common_name() const;
  [[nodiscard]] std::string organisation() const;
  // The serialNumber of the subject, a citizen certificate's stable identifier; empty when there is none.
  [[nodiscard]] std::string subject_serial_number() const;
  // Subject directory attribute 2.16.886.1.100.2.51: the last four characters of the holder's ID number.
  [[nodiscard]] std::optional<std::string> id_number_ending() const;
  // Key usage digitalSignature is there, and it is no certificate authority.
  [[nodiscard]] bool is_for_signatures() const;
  // RSASSA-PKCS1-v1_5 with SHA-256 by an RSA key of at least 2048 bits.
  [[nodiscard]] bool verifies(ByteView message, ByteView signature) const;

  [[nodiscard]] X509* handle() const noexcept { return m_certificate.get(); }

private:
  std::shared_ptr<X509> m_certificate;
};

} // namespace twcard::portal
