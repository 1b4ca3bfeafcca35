#include "cli/system/certificate.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/program.hpp"
#include "driver/base/error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace twcard::cli {

namespace {

// Frees the stack, not the certificates in it.
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::size_t max_certificate_file = 64 * 1024;

} // namespace

Certificate Certificate::from_file(const std::filesystem::path& file) {
  return std::move(all_from_file(file).front());
}

std::vector<Certificate> Certificate::all_from_file(const std::filesystem::path& file) {
  const auto content = read_file(file, max_certificate_file);
  const crypto::ErrorQueueCleaner cleaner;
  const auto bio = crypto::made(crypto::Bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))));
  std::vector<Certificate> all;
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    all.push_back(Certificate(crypto::Certificate(certificate)));
  const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (all.empty()) {
    if (auto certificate = crypto::parse_x509(content)) all.push_back(Certificate(std::move(certificate)));
  } else if (!whole) {
    all.clear();
  }
  if (all.empty()) {
    throw file_error(texts::file::not_a_certificate, escaped(file.string()));
  }
  return all;
}

Bytes Certificate::der() const {
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_X509(m_certificate.get(), nullptr))));
  auto* at = der.data();
  i2d_X509(m_certificate.get(), &at);
  return der;
}

std::string Certificate::subject() const {
  return crypto::text_of(X509_get_subject_name(m_certificate.get())).value_or("?");
}

std::string Certificate::not_after() const {
  return crypto::text_of(X509_get0_notAfter(m_certificate.get())).value_or("?");
}

bool Certificate::fits(ByteView signature, ByteView hash, HashFunction function) const {
  return crypto::verifies(X509_get0_pubkey(m_certificate.get()), function, hash, signature);
}

bool Certificate::may_sign() const {
  return (X509_get_key_usage(m_certificate.get()) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

std::optional<std::string> Certificate::fault_of_chain(const std::vector<Certificate>& roots,
                                                       const std::vector<Certificate>& issuers) const {
  const auto store = crypto::made(crypto::Store(X509_STORE_new()));
  for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.m_certificate.get());
  const auto untrusted = crypto::made(Stack(sk_X509_new_null()));
  for (const auto& issuer : issuers) sk_X509_push(untrusted.get(), issuer.m_certificate.get());
  const auto context = crypto::made(crypto::StoreContext(X509_STORE_CTX_new()));
  if (X509_STORE_CTX_init(context.get(), store.get(), m_certificate.get(), untrusted.get()) != 1)
    throw Error(Errc::Internal, "OpenSSL: no verification context");
  if (X509_verify_cert(context.get()) == 1) return std::nullopt;
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

} // namespace twcard::cli
