#include "cli/system/certificate.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/program.hpp"
#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <array>
#include <ctime>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace twcard::cli {

namespace {

using Bio = Owned<BIO, BIO_free_all>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Store = Owned<X509_STORE, X509_STORE_free>;
using StoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

// Frees the stack, not the certificates in it.
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::size_t max_certificate_file = 64 * 1024;

template <typename Pointer>
Pointer made(Pointer pointer) {
  if (!pointer) throw Error(Errc::Internal, "OpenSSL: out of memory");
  return pointer;
}

const EVP_MD* algorithm_of(HashFunction function) {
  switch (function) {
  case HashFunction::Sha256: return EVP_sha256();
  case HashFunction::Sha384: return EVP_sha384();
  case HashFunction::Sha512: return EVP_sha512();
  }
  return nullptr;
}

} // namespace

void Certificate::Free::operator()(x509_st* certificate) const noexcept {
  X509_free(certificate);
}

Certificate Certificate::from_file(const std::filesystem::path& file) {
  return std::move(all_from_file(file).front());
}

std::vector<Certificate> Certificate::all_from_file(const std::filesystem::path& file) {
  const auto content = read_file(file, max_certificate_file);
  const auto bio = made(Bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))));
  std::vector<Certificate> all;
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    all.push_back(Certificate(certificate));
  const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (all.empty()) {
    const auto* at = content.data();
    if (auto* certificate = d2i_X509(nullptr, &at, static_cast<long>(content.size())))
      all.push_back(Certificate(certificate));
    ERR_clear_error();
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
  const auto bio = made(Bio(BIO_new(BIO_s_mem())));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(m_certificate.get()), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  const char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string Certificate::not_after() const {
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(m_certificate.get()), &time) != 1) return "?";
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &time)};
}

bool Certificate::fits(ByteView signature, ByteView hash, HashFunction function) const {
  auto* key = X509_get0_pubkey(m_certificate.get());
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const auto context = made(KeyContext(EVP_PKEY_CTX_new(key, nullptr)));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), algorithm_of(function)) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size()) == 1;
}

bool Certificate::may_sign() const {
  return (X509_get_key_usage(m_certificate.get()) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

std::optional<std::string> Certificate::fault_of_chain(const std::vector<Certificate>& roots,
                                                       const std::vector<Certificate>& issuers) const {
  const auto store = made(Store(X509_STORE_new()));
  for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.m_certificate.get());
  const auto untrusted = made(Stack(sk_X509_new_null()));
  for (const auto& issuer : issuers) sk_X509_push(untrusted.get(), issuer.m_certificate.get());
  const auto context = made(StoreContext(X509_STORE_CTX_new()));
  if (X509_STORE_CTX_init(context.get(), store.get(), m_certificate.get(), untrusted.get()) != 1)
    throw Error(Errc::Internal, "OpenSSL: no verification context");
  if (X509_verify_cert(context.get()) == 1) return std::nullopt;
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

} // namespace twcard::cli
