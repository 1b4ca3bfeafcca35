// A root, an issuing authority and card certificates made for the test, with every fault that a test asks for.
#pragma once

#include "driver/base/bytes.hpp"
#include "portal/verification/certificate.hpp"
#include "portal/verification/trust_store.hpp"

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

using EVP_PKEY = struct evp_pkey_st;

namespace twcard::portal::test {

using KeyPair = std::shared_ptr<EVP_PKEY>;
[[nodiscard]] KeyPair rsa_key(int bits = 2048);
[[nodiscard]] KeyPair ec_key();

// A folder that goes away with the object.
class TemporaryFolder final {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return m_path / name; }

private:
  std::filesystem::path m_path;
};

// What a certificate of a card is made of; the defaults make a good one of an invented person, A123456789.
struct Leaf {
  std::string name = "王小明";
  std::string serial_number = "0000111122223333";
  std::optional<std::string> id_number_ending = "6789";
  std::string key_usage = "critical,digitalSignature"; // empty: no such extension
  bool authority = false;
  long starts = -3600; // seconds from now
  long ends = 365L * 86400;
  long serial = 100;
};

struct List {
  long revoked = 0; // serial of a revoked certificate
  long starts = -3600;
  long ends = 7L * 86400;
  bool signed_by_another = false;
};

class TestAuthority final {
public:
  explicit TestAuthority(const std::string& organisation = "twcard simulator");

  [[nodiscard]] Certificate issue(const Leaf& leaf, const KeyPair& key) const;
  // root.pem, issuer.pem and crl.pem in the folder, as an operator would give them to the portal.
  [[nodiscard]] TrustFiles write_to(const TemporaryFolder& folder, const List& list = {}) const;
  void write_list(const std::filesystem::path& file, const List& list) const;

private:
  KeyPair m_root_key = ec_key();
  KeyPair m_issuer_key = ec_key();
  std::shared_ptr<X509> m_root;
  std::shared_ptr<X509> m_issuer;
};

[[nodiscard]] Bytes der_of(const Certificate& certificate);

// The signature that a card makes for a login: RSASSA-PKCS1-v1_5, SHA-256 over SHA-256(origin) || SHA-256(nonce).
[[nodiscard]] Bytes sign_login(const KeyPair& key, std::string_view origin, std::string_view nonce);

// The token as twcard-web gives it to a page.
[[nodiscard]] boost::json::object token_of(const Certificate& certificate, ByteView signature);

// A TLS certificate for localhost that signs itself: site.pem and site.key in the folder.
void write_site_certificate(const TemporaryFolder& folder);

} // namespace twcard::portal::test
