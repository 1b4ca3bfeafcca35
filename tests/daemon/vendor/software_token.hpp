// A SoftHSM token with an RSA key and its certificate, made for a test by SoftHSM's and OpenSC's own tools.
#pragma once

#include "driver/base/bytes.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace twcard::vendor {

inline constexpr const char* token_pin = "246813";
inline constexpr const char* token_label = "Test token";

// What a token holds.
struct KeyAndCertificate {
  std::string private_key; // PEM
  Bytes certificate;       // DER
};

// A folder of its own, removed at the end.
class SoftwareToken final {
public:
  // With a key and a certificate that are made for it.
  SoftwareToken();
  explicit SoftwareToken(const KeyAndCertificate& content);
  ~SoftwareToken();
  SoftwareToken(const SoftwareToken&) = delete;
  SoftwareToken& operator=(const SoftwareToken&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  // SoftHSM's PKCS#11 library.
  [[nodiscard]] static std::string library();
  // What makes it find this token.
  [[nodiscard]] std::map<std::string, std::string> environment() const;
  [[nodiscard]] Bytes certificate() const; // DER

private:
  void make_folder();
  void initialise();
  void run(const std::string& command) const;

  std::filesystem::path m_folder;
};

} // namespace twcard::vendor
