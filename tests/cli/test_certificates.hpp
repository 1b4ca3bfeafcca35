// Keys and certificates made for the test: a root, an issuing authority and people.
#pragma once

#include "driver/base/bytes.hpp"

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace twcard::cli::testing {

struct CertificateOptions {
  std::string common_name;
  std::string key_usage = "critical,digitalSignature"; // as in OpenSSL's configuration; empty: no extension
  bool authority = false;
  int days = 365; // from yesterday on; 0: ended yesterday
};

class TestIdentity final {
public:
  // RSA 2048, issued by `issuer`, or self-signed without one.
  explicit TestIdentity(const CertificateOptions& options, const TestIdentity* issuer = nullptr);
  ~TestIdentity();
  TestIdentity(const TestIdentity&) = delete;
  TestIdentity& operator=(const TestIdentity&) = delete;

  [[nodiscard]] Bytes der() const;
  [[nodiscard]] std::string pem() const;
  // RSASSA-PKCS1-v1_5 over a hash; `hash_function` as OpenSSL names it.
  [[nodiscard]] Bytes sign_hash(ByteView hash, const std::string& hash_function = "SHA256") const;
  // The same from the message, by OpenSSL's one-call interface.
  [[nodiscard]] std::string sign_message(const std::string& message, const std::string& hash_function = "SHA256") const;

private:
  std::shared_ptr<evp_pkey_st> m_key;
  x509_st* m_certificate = nullptr;
};

// Made once and shared by all tests: a root, its issuing authority, a person's signature certificate.
[[nodiscard]] const TestIdentity& test_root();
[[nodiscard]] const TestIdentity& test_issuer();
[[nodiscard]] const TestIdentity& test_signer();

[[nodiscard]] std::string sha256_hex(const std::string& message);

} // namespace twcard::cli::testing
