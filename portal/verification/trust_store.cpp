#include "portal/verification/trust_store.hpp"

#include "driver/base/log.hpp"
#include "driver/crypto/x509.hpp"
#include "portal/verification/refusal.hpp"

#include <new>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdexcept>

namespace twcard::portal {
namespace {

constexpr int max_chain = 4;
constexpr int security_level = 2; // 112 bits: RSA of 2048, no SHA-1

using StackHandle = std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

// Calls `take` with every object of a PEM file, of the kind that `read` reads. Throws when there is none.
template <typename Read, typename Take>
void each_in_file(const std::filesystem::path& file, Read read, Take take) {
  const crypto::Bio bio(BIO_new_file(file.c_str(), "r"));
  if (!bio) throw std::runtime_error("cannot read " + file.string());
  int count = 0;
  while (auto* object = read(bio.get(), nullptr, nullptr, nullptr)) {
    take(object);
    ++count;
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0 || !at_end) throw std::runtime_error(file.string() + " is not a PEM file of what is expected there");
}

std::vector<Certificate> certificates_of(const std::filesystem::path& file) {
  std::vector<Certificate> certificates;
  each_in_file(file, PEM_read_bio_X509, [&](X509* certificate) {
    certificates.emplace_back(certificate);
    X509_free(certificate);
  });
  return certificates;
}

Reason reason_of(int error, int depth) {
  switch (error) {
  case X509_V_ERR_CERT_HAS_EXPIRED: return depth == 0 ? Reason::CertificateExpired : Reason::CertificateUntrusted;
  case X509_V_ERR_CERT_NOT_YET_VALID: return depth == 0 ? Reason::CertificateNotYetValid : Reason::CertificateUntrusted;
  case X509_V_ERR_CERT_REVOKED: return Reason::CertificateRevoked;
  case X509_V_ERR_UNABLE_TO_GET_CRL:
  case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
  case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
  case X509_V_ERR_CRL_SIGNATURE_FAILURE:
  case X509_V_ERR_CRL_NOT_YET_VALID:
  case X509_V_ERR_CRL_HAS_EXPIRED:
  case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
  case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
  case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
  case X509_V_ERR_DIFFERENT_CRL_SCOPE:
  case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION: return Reason::RevocationUnknown;
  default: return Reason::CertificateUntrusted;
  }
}

} // namespace

TrustStore::TrustStore(TrustFiles files) : m_files(std::move(files)) {
  for (const auto& file : m_files.revocation_lists) m_list_times.push_back(std::filesystem::last_write_time(file));
  load();
}

void TrustStore::load() {
  const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  if (!store) throw std::bad_alloc();
  X509_VERIFY_PARAM* parameters = X509_STORE_get0_param(store.get());
  // An operator may name an issuing authority itself as the anchor.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_depth(parameters, max_chain);
  X509_VERIFY_PARAM_set_auth_level(parameters, security_level);

  for (const auto& file : m_files.anchors) {
    for (const auto& anchor : certificates_of(file)) X509_STORE_add_cert(store.get(), anchor.handle());
  }
  std::vector<Certificate> issuers;
  for (const auto& file : m_files.issuers) {
    for (auto& issuer : certificates_of(file)) issuers.push_back(std::move(issuer));
  }
  for (const auto& file : m_files.revocation_lists) {
    each_in_file(file, PEM_read_bio_X509_CRL, [&](X509_CRL* list) {
      const Owned<X509_CRL, X509_CRL_free> owner(list);
      X509_STORE_add_crl(store.get(), list);
    });
  }
  m_issuers = std::move(issuers);
  m_store = store;
}

void TrustStore::reload_changed_lists() {
  bool changed = false;
  for (std::size_t i = 0; i < m_files.revocation_lists.size(); ++i) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(m_files.revocation_lists[i], error);
    if (error || time == m_list_times[i]) continue;
    m_list_times[i] = time;
    changed = true;
  }
  if (!changed) return;
  try {
    load();
    log::info("portal", "list of revoked certificates read again");
  } catch (const std::runtime_error& error) {
    log::error("portal", "{}; the earlier list stays in force", error.what());
  }
}

Certificate TrustStore::check(const Certificate& leaf, Time now) {
  reload_changed_lists();
  const StackHandle issuers(sk_X509_new_null());
  const crypto::StoreContext context(X509_STORE_CTX_new());
  if (!issuers || !context) throw std::bad_alloc();
  for (const auto& issuer : m_issuers) {
    if (sk_X509_push(issuers.get(), issuer.handle()) == 0) throw std::bad_alloc();
  }
  if (X509_STORE_CTX_init(context.get(), m_store.get(), leaf.handle(), issuers.get()) != 1) throw std::bad_alloc();
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(now));

  if (X509_verify_cert(context.get()) != 1) {
    const int error = X509_STORE_CTX_get_error(context.get());
    const int depth = X509_STORE_CTX_get_error_depth(context.get());
    ERR_clear_error();
    throw Refusal(reason_of(error, depth), X509_verify_cert_error_string(error));
  }
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  return Certificate(sk_X509_value(chain, sk_X509_num(chain) - 1));
}

} // namespace twcard::portal
