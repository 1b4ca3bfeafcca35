#include "cli/legacy/certificate.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/x509.hpp"
#include "rpc/legacy/dialects.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace twcard::cli {

namespace {

using crypto::Bio;
using crypto::Key;
using crypto::made;
using Extension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using crypto::Number;
using crypto::Store;
using crypto::StoreContext;

constexpr long day = 24L * 60 * 60;
// What browsers take at most of a certificate from anywhere: 398 days.
constexpr long validity = 397 * day;
constexpr long renewal = days_of_renewal * day;
// Clocks of other programs on this machine are the same; a clock that is set back a little does no harm.
constexpr long backdating = day;
constexpr std::size_t secure_heap = std::size_t{64} * 1024;
constexpr int serial_octets = 16;

std::string constraints() {
  return fmt::format("critical,permitted;DNS:localhost,permitted;DNS:{},permitted;IP:127.0.0.1/255.255.255.255,"
                     "permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                     rpc::nhiicc_host);
}

void must(bool holds) {
  if (!holds) throw Error(Errc::Internal, "OpenSSL cannot make the certificate");
}

std::string pem_of(X509* certificate) {
  const auto bio = made(Bio(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return crypto::text_in(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const auto bio = made(Bio(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return crypto::text_in(bio.get());
}

Number random_serial() {
  auto serial = made(Number(BN_new()));
  must(BN_rand(serial.get(), serial_octets * 8 - 1, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
  return serial;
}

void add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const auto extension = made(Extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())));
  must(X509_add_ext(certificate, extension.get(), -1) == 1);
}

crypto::Certificate begun(std::time_t now, const BIGNUM* serial, const std::string& name, EVP_PKEY* key) {
  auto certificate = made(crypto::Certificate(X509_new()));
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  must(BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate.get())) != nullptr);
  must(ASN1_TIME_adj(X509_getm_notBefore(certificate.get()), now, 0, -backdating) != nullptr);
  must(ASN1_TIME_adj(X509_getm_notAfter(certificate.get()), now, 0, validity - backdating) != nullptr);
  auto* subject = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  must(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC, text, -1, -1, 0) == 1);
  must(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

crypto::Certificate new_authority(std::time_t now, EVP_PKEY* key) {
  const auto serial = random_serial();
  // A name of its own each time: browsers look for an issuer by name, and an older one may still be trusted somewhere.
  const auto name = fmt::format("twcard on this computer {:08X}", BN_mod_word(serial.get(), 0xFFFFFFFBU));
  auto authority = begun(now, serial.get(), name, key);
  must(X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get())) == 1);
  add(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign");
  add(authority.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  add(authority.get(), authority.get(), NID_name_constraints, constraints());
  add(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
  return authority;
}

crypto::Certificate new_leaf(std::time_t now, const std::string& names, EVP_PKEY* key, X509* authority) {
  auto leaf = begun(now, random_serial().get(), "localhost", key);
  must(X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority)) == 1);
  add(leaf.get(), authority, NID_basic_constraints, "critical,CA:FALSE");
  add(leaf.get(), authority, NID_key_usage, "critical,digitalSignature");
  add(leaf.get(), authority, NID_ext_key_usage, "serverAuth");
  add(leaf.get(), authority, NID_subject_alt_name, names);
  add(leaf.get(), authority, NID_subject_key_identifier, "hash");
  add(leaf.get(), authority, NID_authority_key_identifier, "keyid:always");
  return leaf;
}

Bio reader_of(const std::string& pem) {
  return made(Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
}

crypto::Certificate next_certificate(const Bio& bio) {
  return crypto::Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool has_names(X509* leaf) {
  return X509_check_host(leaf, "localhost", 0, 0, nullptr) == 1 &&
         X509_check_host(leaf, rpc::nhiicc_host.data(), rpc::nhiicc_host.size(), 0, nullptr) == 1 &&
         X509_check_ip_asc(leaf, "127.0.0.1", 0) == 1 && X509_check_ip_asc(leaf, "::1", 0) == 1;
}

bool is_issued_by(X509* leaf, X509* authority, std::time_t at) {
  const auto store = made(Store(X509_STORE_new()));
  const auto context = made(StoreContext(X509_STORE_CTX_new()));
  must(X509_STORE_add_cert(store.get(), authority) == 1);
  must(X509_STORE_CTX_init(context.get(), store.get(), leaf, nullptr) == 1);
  X509_STORE_CTX_set_time(context.get(), 0, at);
  return X509_verify_cert(context.get()) == 1;
}

struct Parts {
  crypto::Certificate leaf;
  crypto::Certificate authority;
};

// Of a certificate whose parts belong together, but for the signature and the time.
std::optional<Parts> parts_of(const LegacyCertificate& certificate) {
  const auto chain = reader_of(certificate.chain);
  Parts parts{next_certificate(chain), next_certificate(reader_of(certificate.authority))};
  const auto issuer = next_certificate(chain);
  const auto key_text = reader_of(certificate.key);
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  if (!parts.leaf || !issuer || !parts.authority || !key) return std::nullopt;
  const bool fit = X509_cmp(issuer.get(), parts.authority.get()) == 0 &&
                   X509_check_private_key(parts.leaf.get(), key.get()) == 1 && has_names(parts.leaf.get());
  return fit ? std::optional(std::move(parts)) : std::nullopt;
}

} // namespace

std::string legacy_names() {
  return fmt::format("DNS:localhost,DNS:{},IP:127.0.0.1,IP:::1", rpc::nhiicc_host);
}

LegacyCertificate issue_legacy_certificate(std::time_t now, const std::string& leaf_names) {
  // OpenSSL keeps private EC keys in this heap: locked, out of core dumps, wiped when freed.
  if (CRYPTO_secure_malloc_initialized() == 0) must(CRYPTO_secure_malloc_init(secure_heap, 32) == 1);
  const auto leaf_key = made(Key(EVP_EC_gen("P-256")));
  const auto authority_key = made(Key(EVP_EC_gen("P-256")));
  const auto authority = new_authority(now, authority_key.get());
  const auto leaf = new_leaf(now, leaf_names, leaf_key.get(), authority.get());
  must(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);
  must(X509_sign(leaf.get(), authority_key.get(), EVP_sha256()) > 0);
  return {pem_of(leaf.get()) + pem_of(authority.get()), pem_of(authority.get()), pem_of(leaf_key.get())};
}

std::optional<std::time_t> end_of(const LegacyCertificate& certificate) {
  const auto parts = parts_of(certificate);
  if (!parts) return std::nullopt;
  std::tm end{};
  must(ASN1_TIME_to_tm(X509_get0_notAfter(parts->leaf.get()), &end) == 1);
  const auto time = ::timegm(&end);
  return is_issued_by(parts->leaf.get(), parts->authority.get(), time - 1) ? std::optional(time) : std::nullopt;
}

bool is_usable(const LegacyCertificate& certificate, std::time_t now) {
  const auto parts = parts_of(certificate);
  return parts && is_issued_by(parts->leaf.get(), parts->authority.get(), now + renewal);
}

} // namespace twcard::cli
