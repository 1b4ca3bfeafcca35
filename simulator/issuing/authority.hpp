// A test root and an issuing CA that makes the certificates of simulated cards, after the certificate profile of
// docs/cards/citizen.md. The root's name says "twcard simulator"; issuing CAs have the names that relying parties look
// for, under that root. OpenSSL's X.509 code is used here alone.
#pragma once

#include "driver/base/descriptor.hpp"
#include "simulator/crypto/key_source.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct X509_crl_st;
struct x509_st;

namespace twcard::simulator {

// By key usage: digitalSignature; nonRepudiation alone; both; keyEncipherment and dataEncipherment.
enum class KeyPurpose { Signature, NonRepudiation, SignatureAndNonRepudiation, Encryption };

// An issuing CA: the unit in its name tells what it issues for, its generation how long its key is.
struct Issuer {
  std::string_view file; // name of its files in the authority's folder: "moica-g2"
  std::string_view unit; // OU, under C=TW, O=行政院
  unsigned key_bits = 2048;
};

// The issuing CA of citizens, companies (MOEACA) and government organisations (GCA), of generation 2 (RSA 2048) or
// 3 (RSA 4096).
enum class HolderKind { Citizen, Company, Organisation };
[[nodiscard]] const Issuer& issuer_for(HolderKind kind, int generation);

// What goes into a holder's certificates. Names and numbers are UTF-8.
struct CertificateRequest {
  HolderKind kind = HolderKind::Citizen;
  std::string name;          // at most 64 characters: CN of a citizen, O of the others
  std::string serial_number; // serialNumber of the subject: 16 digits, or a company's tax number
  std::string id_last_four;  // citizen: 2.16.886.1.100.2.51
  std::string tax_number;    // company: 2.16.886.1.100.2.101
  std::string organisation;  // organisation: 2.16.886.1.100.2.102, an OID in dotted form
  KeyPurpose purpose = KeyPurpose::Signature;
  bool expired = false; // ended a year ago
  bool revoked = false; // stands on the CRL from now on
  bool serial_zero = false;
};

class Authority final {
public:
  // New certificates of keys that `keys` gives, an empty CRL.
  [[nodiscard]] static Authority create(const Issuer& issuer, KeySource keys);
  // The root and the issuing CA kept in `folder` (made and written there when missing), and written back at the end of
  // `use`. Issuing CAs in one folder have one root, and no key is given twice there: the folder remembers its place in
  // the pool, unless `fresh_keys` are generated. Processes that share a folder wait for each other. Throws
  // Error(BadRequest) when the folder cannot be used or is damaged.
  template <typename Use>
  static auto with_folder(const std::filesystem::path& folder, const Issuer& issuer, bool fresh_keys, Use&& use) {
    const auto lock = lock_folder(folder);
    auto authority = load_or_create(folder, issuer, fresh_keys);
    auto result = use(authority);
    authority.save(folder);
    return result;
  }

  // A key for a card.
  [[nodiscard]] RsaKey next_key() const { return m_keys.next(); }
  // DER. Throws Error(BadRequest) when a member of the request does not fit into a certificate.
  [[nodiscard]] Bytes issue(const CertificateRequest& request, const RsaKey& key);

  // The certificate of another CA of the same name, and another key, under the same root.
  [[nodiscard]] Bytes namesake_der() const;

  [[nodiscard]] Bytes root_der() const;
  [[nodiscard]] Bytes issuing_der() const;
  [[nodiscard]] std::string root_pem() const;
  [[nodiscard]] std::string issuing_pem() const;
  // Signed again at each call: from now, for 30 days.
  [[nodiscard]] std::string revocation_list_pem() const;

private:
  [[nodiscard]] static Descriptor lock_folder(const std::filesystem::path& folder);

  // A key and the certificate of it.
  struct Identity {
    RsaKey key;
    std::shared_ptr<x509_st> certificate;
  };

  Authority(const Issuer& issuer, KeySource keys, Identity root, Identity issuing,
            std::shared_ptr<X509_crl_st> revocations);
  [[nodiscard]] static Identity make_root(const KeySource& keys);
  [[nodiscard]] static Identity make_issuing(const Issuer& issuer, const Identity& root, const KeySource& keys);
  [[nodiscard]] static Authority load_or_create(const std::filesystem::path& folder, const Issuer& issuer,
                                                bool fresh_keys);
  void save(const std::filesystem::path& folder) const;

  Issuer m_issuer;
  KeySource m_keys;
  Identity m_root;
  Identity m_issuing;
  std::shared_ptr<X509_crl_st> m_revocations;
};

} // namespace twcard::simulator
