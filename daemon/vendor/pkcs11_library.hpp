// A vendor's PKCS#11 library, loaded for one operation: the sole user of p11-kit.
//
// Everything blocks for as long as the library does, and runs the library's code in this process. What it says is
// hostile until checked: counts, sizes and text are bounded, certificates are passed on as octets.
// Source: OASIS PKCS #11 Base Specification 3.0; docs/vendor.md.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard::vendor {

inline constexpr std::size_t max_certificates = 16;

struct TokenCertificate {
  Bytes id; // CKA_ID, at most 64 octets
  std::string label;
  Bytes der;
};

// What the token says of itself. Text is printable ASCII, "?" for everything else.
struct TokenDescription {
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial_number;
  std::size_t min_pin = 1; // 1 <= min_pin <= max_pin <= 64
  std::size_t max_pin = 64;
  std::optional<int> tries_left; // 1 when the next wrong PIN locks, 0 when it is locked, nullopt: not said
  std::vector<TokenCertificate> certificates;
};

// Loads the library at the path and initialises it; the destructor finalises and unloads it. One at a time.
class Pkcs11Library final {
public:
  // Throws Error(CardRefused) when it cannot be loaded or initialised.
  explicit Pkcs11Library(const std::filesystem::path& path);
  ~Pkcs11Library();
  Pkcs11Library(const Pkcs11Library&) = delete;
  Pkcs11Library& operator=(const Pkcs11Library&) = delete;

  // The token in the slot that is described by the reader's name (PKCS #11 cuts it at 64 octets), or else the only
  // token that there is. All throw NoCard without such a token, SeveralCards, and what the library's codes mean: see
  // pkcs11_library.cpp.
  [[nodiscard]] TokenDescription describe(const std::string& reader) const;
  // C_Login and C_Logout. The PIN is tried once.
  void check_pin(const std::string& reader, const Pin& pin) const;
  // CKM_RSA_PKCS of `digest_info` with the private key that has the CKA_ID of this certificate; between C_Login and
  // C_Logout. BadRequest when the token does not have certificate or key.
  [[nodiscard]] SecureBytes sign(const std::string& reader, const Pin& pin, ByteView certificate,
                                 ByteView digest_info) const;
  // The message in a block of CKM_RSA_PKCS (RFC 8017 section 7.2), as long as the key. As sign(); CardRefused, with the
  // library's code, for a block that it does not take.
  [[nodiscard]] SecureBytes decrypt(const std::string& reader, const Pin& pin, ByteView certificate,
                                    ByteView block) const;

private:
  class Session;
  struct Loaded;
  template <typename Operation>
  [[nodiscard]] SecureBytes with_key(const std::string& reader, const Pin& pin, ByteView certificate,
                                     Operation operation) const;
  std::unique_ptr<Loaded> m_loaded;
};

} // namespace twcard::vendor
