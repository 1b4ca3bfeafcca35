// An X.509 certificate from a file, and what `verify` asks of it.
#pragma once

#include "cli/system/hash.hpp"
#include "driver/crypto/x509.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard::cli {

class Certificate final {
public:
  // One certificate, PEM (the first one of the file) or DER, 64 KiB at most. Throws a file Failure.
  [[nodiscard]] static Certificate from_file(const std::filesystem::path& file);
  // All certificates of a PEM file, or the one of a DER file: one at least.
  [[nodiscard]] static std::vector<Certificate> all_from_file(const std::filesystem::path& file);

  [[nodiscard]] Bytes der() const;
  [[nodiscard]] std::string subject() const;   // RFC 2253 text, UTF-8
  [[nodiscard]] std::string not_after() const; // YYYY-MM-DDTHH:MM:SSZ

  // RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2) by this certificate's key.
  [[nodiscard]] bool fits(ByteView signature, ByteView hash, HashFunction function) const;
  // Key usage digitalSignature or nonRepudiation, or no key usage at all (RFC 5280 section 4.2.1.3).
  [[nodiscard]] bool may_sign() const;
  // Whether a chain leads now from this certificate through `issuers` to one of `roots`: nothing, or what is wrong in
  // OpenSSL's words. Revocation is not looked at.
  [[nodiscard]] std::optional<std::string> fault_of_chain(const std::vector<Certificate>& roots,
                                                          const std::vector<Certificate>& issuers) const;

private:
  explicit Certificate(crypto::Certificate certificate) : m_certificate(std::move(certificate)) {}
  crypto::Certificate m_certificate;
};

} // namespace twcard::cli
