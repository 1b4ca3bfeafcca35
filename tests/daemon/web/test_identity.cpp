#include "tests/daemon/web/test_identity.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdexcept>

namespace twcard::web {

namespace {

constexpr long an_hour = 3600;

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

File file_at(const std::filesystem::path& path) {
  return {std::fopen(path.c_str(), "we"), std::fclose};
}

} // namespace

TestIdentity::TestIdentity() {
  std::string name = (std::filesystem::temp_directory_path() / "twcard-identity-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  m_folder = name;
  const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key(::EVP_EC_gen("P-256"), ::EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::X509_new(), ::X509_free);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -an_hour);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), an_hour);
  ::X509_set_pubkey(certificate.get(), key.get());
  auto* subject = ::X509_get_subject_name(certificate.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
  ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  ::X509_set_issuer_name(certificate.get(), subject);
  ::X509_sign(certificate.get(), key.get(), ::EVP_sha256());

  ::PEM_write_X509(file_at(files().certificate).get(), certificate.get());
  ::PEM_write_PrivateKey(file_at(files().key).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::filesystem::permissions(files().key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TestIdentity::~TestIdentity() {
  std::error_code ignored;
  std::filesystem::remove_all(m_folder, ignored);
}

} // namespace twcard::web
