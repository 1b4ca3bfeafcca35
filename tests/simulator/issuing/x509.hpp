// OpenSSL's own view of the certificates that the simulator makes.
#pragma once

#include "driver/base/bytes.hpp"

#include <string>

namespace twcard::simulator::tests {

[[nodiscard]] Bytes modulus_of(const Bytes& certificate);
// The RSA public operation on a whole block, without padding.
[[nodiscard]] Bytes raw_public(const Bytes& certificate, const Bytes& block);
// What X509_verify_cert says, "ok" or its error text, with CRL check of the certificate itself.
[[nodiscard]] std::string verify(const Bytes& certificate, const std::string& root_pem, const std::string& issuer_pem,
                                 const std::string& crl_pem);
[[nodiscard]] std::string subject_of(const Bytes& certificate); // RFC 2253, UTF-8
[[nodiscard]] std::string issuer_of(const Bytes& certificate);
[[nodiscard]] std::string root_subject(const std::string& root_pem);
// Hexadecimal value of an extension by its dotted OID; empty when there is none.
[[nodiscard]] std::string extension_of(const Bytes& certificate, const char* oid);
// Whether a serial number of the certificate is on the list, and the list is signed by the issuer.
[[nodiscard]] bool listed(const Bytes& certificate, const std::string& crl_pem);
[[nodiscard]] bool signed_by(const std::string& crl_pem, const std::string& issuer_pem);

} // namespace twcard::simulator::tests
