// Whom the operator trusts: anchors (roots), the issuing authorities between them and the cards, and their lists of
// revoked certificates. A certificate of a card brings no chain of its own.
#pragma once

#include "portal/verification/certificate.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using X509_CRL = struct X509_crl_st;
using X509_STORE = struct x509_store_st;

namespace twcard::portal {

using Time = std::chrono::system_clock::time_point;

// PEM files; a file may hold several certificates or lists.
struct TrustFiles {
  std::vector<std::filesystem::path> anchors;
  std::vector<std::filesystem::path> issuers;
  std::vector<std::filesystem::path> revocation_lists;
};

class TrustStore final {
public:
  // Reads the files. Throws std::runtime_error naming the file that cannot be read or has nothing fitting in it.
  explicit TrustStore(TrustFiles files);

  // Chain to an anchor with keys and digests of at least 112 bits of security, dates of the whole chain, and the leaf's
  // entry in its issuer's list, which must be there, signed and in date. Returns the anchor. Throws Refusal. A list
  // whose file has changed since is read again first, so that an operator only has to replace it; one that cannot be
  // read then leaves the earlier one in force until that one expires.
  [[nodiscard]] Certificate check(const Certificate& leaf, Time now);

private:
  void load();
  void reload_changed_lists();

  TrustFiles m_files;
  std::vector<Certificate> m_issuers;
  std::vector<std::filesystem::file_time_type> m_list_times;
  std::shared_ptr<X509_STORE> m_store;
};

} // namespace twcard::portal
