#include "daemon/web/legacy/certificate_end.hpp"

#include "driver/base/owned.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace twcard::web {

namespace {

constexpr std::time_t day = 24L * 60 * 60;
constexpr std::time_t warned_before = 30 * day;

} // namespace

std::optional<std::string> warning_of_end(const std::filesystem::path& certificate, std::time_t now) {
  const Owned<BIO, BIO_free_all> file(BIO_new_file(certificate.c_str(), "r"));
  if (!file) return std::nullopt;
  const Owned<X509, X509_free> leaf(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  std::tm end{};
  if (!leaf || ASN1_TIME_to_tm(X509_get0_notAfter(leaf.get()), &end) != 1) return std::nullopt;
  const auto left = ::timegm(&end) - now;
  if (left >= warned_before) return std::nullopt;
  const auto date = fmt::format("{:04}-{:02}-{:02}", end.tm_year + 1900, end.tm_mon + 1, end.tm_mday);
  const auto when =
      left < 0 ? fmt::format("ended on {}", date) : fmt::format("ends on {}, in {} days", date, left / day);
  return fmt::format("the certificate of NHIICC's TLS ports {}; `twcard setup legacy nhiicc` renews it", when);
}

} // namespace twcard::web
