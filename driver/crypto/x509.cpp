#include "driver/crypto/x509.hpp"

#include "driver/crypto/readable_names.hpp"

#include <ctime>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

namespace twcard::crypto {

ErrorQueueCleaner::~ErrorQueueCleaner() {
  ERR_clear_error();
}

namespace {

Certificate decode(ByteView der) {
  const auto* at = der.data();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (at != der.data() + der.size()) certificate.reset();
  return certificate;
}

} // namespace

Certificate parse_x509(ByteView der) {
  const ErrorQueueCleaner cleaner;
  if (auto certificate = decode(der)) return certificate;
  const auto readable = with_readable_names(der);
  return readable ? decode(*readable) : nullptr;
}

std::string text_in(BIO* memory) {
  const char* text = nullptr;
  const auto size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::optional<std::string> text_of(const X509_NAME* name, NameOrder order) {
  auto flags = static_cast<unsigned long>(XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  if (order == NameOrder::Encoded) flags &= ~static_cast<unsigned long>(XN_FLAG_DN_REV);
  const auto out = made(Bio(BIO_new(BIO_s_mem())));
  if (X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return std::nullopt;
  return text_in(out.get());
}

std::optional<std::string> text_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Bytes octets_of(const BIGNUM* number) {
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return octets;
}

bool verifies(EVP_PKEY* key, HashFunction function, ByteView hash, ByteView signature) {
  const ErrorQueueCleaner cleaner;
  if (key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1) return false;
  const auto context = made(KeyContext(EVP_PKEY_CTX_new(key, nullptr)));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), openssl_digest(function)) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size()) == 1;
}

} // namespace twcard::crypto
