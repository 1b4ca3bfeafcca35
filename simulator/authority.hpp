// A test root and an issuing CA that makes the certificates of simulated citizen cards, after the certificate profile
// of docs/cards/citizen.md. The root's name says "twcard simulator"; the issuing CA has the name that relying parties
// look for, under that root. OpenSSL's X.509 code is used here alone.
#pragma once

#include "simulator/crypto.hpp"

#include <filesystem>
#include <memory>
#include <string>

struct X509_crl_st;
struct x509_st;

namespace twcard::simulator {

enum class KeyPurpose { Signature, Encryption };

// What goes into a person's certificate.
struct CertificateRequest {
  std::string name;          // UTF-8, at most 64 characters: CN
  std::string serial_number; // 16 digits: serialNumber of the subject
  std::string id_last_four;  // 2.16.886.1.100.2.51
  KeyPurpose purpose = KeyPurpose::Signature;
  bool expired = false; // ended a year ago
  bool revoked = false; // stands on the CRL from now on
};

class Authority final {
public:
  // New keys and certificates, an empty CRL.
  [[nodiscard]] static Authority create();
  // The one kept in `folder` (made and written there when missing), and written back at the end of `use`. Processes
  // that share a folder wait for each other. Throws Error(BadRequest) when the folder cannot be used or is damaged.
  template <typename Use>
  static auto with_folder(const std::filesystem::path& folder, Use&& use) {
    const FolderLock lock(folder);
    auto authority = load_or_create(folder);
    auto result = use(authority);
    authority.save(folder);
    return result;
  }

  // DER. Throws Error(BadRequest) when a member of the request does not fit into a certificate.
  [[nodiscard]] Bytes issue(const CertificateRequest& request, const RsaKey& key);

  [[nodiscard]] Bytes root_der() const;
  [[nodiscard]] Bytes issuing_der() const;
  [[nodiscard]] std::string root_pem() const;
  [[nodiscard]] std::string issuing_pem() const;
  // Signed anew at each call: from now, for 30 days.
  [[nodiscard]] std::string revocation_list_pem() const;

private:
  class FolderLock final {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int m_file;
  };

  Authority(RsaKey root_key, RsaKey issuing_key, std::shared_ptr<x509_st> root, std::shared_ptr<x509_st> issuing,
            std::shared_ptr<X509_crl_st> revocations);
  [[nodiscard]] static Authority load_or_create(const std::filesystem::path& folder);
  void save(const std::filesystem::path& folder) const;

  RsaKey m_root_key;
  RsaKey m_issuing_key;
  std::shared_ptr<x509_st> m_root;
  std::shared_ptr<x509_st> m_issuing;
  std::shared_ptr<X509_crl_st> m_revocations;
};

} // namespace twcard::simulator
