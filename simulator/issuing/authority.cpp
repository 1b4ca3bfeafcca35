#include "simulator/issuing/authority.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/x509.hpp"
#include "simulator/crypto/der.hpp"

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace twcard::simulator {

namespace {

constexpr long day = 24L * 60 * 60;
constexpr long year = 365 * day;
constexpr const char* keys_file = "keys"; // which keys of the pool have been given

void check(bool worked, const char* what, Errc code = Errc::Internal) {
  if (worked) return;
  ERR_clear_error();
  throw Error(code, what);
}

void add(X509_NAME* name, const char* type, const std::string& value) {
  check(X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8, as_bytes(value).data(), static_cast<int>(value.size()),
                                   -1, 0) == 1,
        type, Errc::BadRequest);
}

void extend(X509* certificate, X509* issuer, int type, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, &context, type, value));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

void extend(X509* certificate, int type, const Bytes& value) {
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> octets(ASN1_OCTET_STRING_new());
  check(ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) == 1, "extension");
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509_EXTENSION_create_by_NID(nullptr, type, 0, octets.get()));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

Bytes oid(const char* dotted) {
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(dotted, 1));
  check(object != nullptr, "not an object identifier", Errc::BadRequest);
  Bytes der(static_cast<std::size_t>(i2d_ASN1_OBJECT(object.get(), nullptr)));
  auto* out = der.data();
  i2d_ASN1_OBJECT(object.get(), &out);
  return der;
}

Bytes attribute(const char* type, const Bytes& value) {
  return der::sequence({oid(type), der::set({value})});
}

// OIDs of docs/cards/citizen.md, "Certificates".
Bytes subject_directory_attributes(const CertificateRequest& request) {
  constexpr const char* subject_type = "2.16.886.1.100.2.1";
  switch (request.kind) {
  case HolderKind::Citizen:
    return der::sequence({attribute(subject_type, oid("2.16.886.1.100.3.1.1")),
                          attribute("2.16.886.1.100.2.51", der::printable_string(request.id_last_four))});
  case HolderKind::Company:
    return der::sequence({attribute(subject_type, oid("2.16.886.1.100.3.2.2.1.1")),
                          attribute("2.16.886.1.100.2.2", der::printable_string("primary")),
                          attribute("2.16.886.1.100.2.101", der::printable_string(request.tax_number))});
  case HolderKind::Organisation:
    return der::sequence({attribute(subject_type, oid("2.16.886.1.100.3.2.1.1")),
                          attribute("2.16.886.1.100.2.102", oid(request.organisation.c_str()))});
  }
  return {};
}

// A certificate with a random serial number, named and dated, not yet signed.
std::shared_ptr<X509> unsigned_certificate(const RsaKey& key, long not_before, long not_after) {
  std::shared_ptr<X509> certificate(X509_new(), &X509_free);
  auto serial = random_octets(16);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3F) | 0x40);
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  check(X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
            BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
            X509_gmtime_adj(X509_getm_notBefore(certificate.get()), not_before) != nullptr &&
            X509_gmtime_adj(X509_getm_notAfter(certificate.get()), not_after) != nullptr &&
            X509_set_pubkey(certificate.get(), key.get()) == 1,
        "filling a certificate");
  return certificate;
}

void sign(X509* certificate, const RsaKey& key) {
  check(X509_sign(certificate, key.get(), EVP_sha256()) > 0, "signing a certificate");
}

void extend_as_authority(X509* certificate, X509* issuer, const char* constraints) {
  extend(certificate, issuer, NID_basic_constraints, constraints);
  extend(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(certificate, issuer, NID_subject_key_identifier, "hash");
  extend(certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

const char* usage_of(KeyPurpose purpose) {
  switch (purpose) {
  case KeyPurpose::Signature: return "critical,digitalSignature";
  case KeyPurpose::NonRepudiation: return "critical,nonRepudiation";
  case KeyPurpose::SignatureAndNonRepudiation: return "critical,digitalSignature,nonRepudiation";
  case KeyPurpose::Encryption: return "critical,keyEncipherment,dataEncipherment";
  }
  return "";
}

Bytes der_of(X509* certificate) {
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  auto* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

std::string pem_of(X509* certificate) {
  const crypto::Bio bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(bio.get(), certificate) == 1, "writing a certificate");
  return crypto::text_in(bio.get());
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) throw Error(Errc::BadRequest, file.string() + ": cannot be written");
}

crypto::Bio bio_over(const std::string& text) {
  return crypto::Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::shared_ptr<X509> certificate_from(const std::filesystem::path& file) {
  const auto text = read_text(file);
  std::shared_ptr<X509> certificate(PEM_read_bio_X509(bio_over(text).get(), nullptr, nullptr, nullptr), &X509_free);
  if (certificate == nullptr) throw Error(Errc::BadRequest, file.string() + ": no certificate in PEM");
  return certificate;
}

} // namespace

Descriptor Authority::lock_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  auto lock = hold_lock_file(folder / "lock");
  if (!lock.is_open())
    throw Error(Errc::BadRequest, folder.string() + ": cannot be used as a folder for the test authority");
  return lock;
}

const Issuer& issuer_for(HolderKind kind, int generation) {
  static constexpr std::array<std::array<Issuer, 2>, 3> issuers{{
      {{{"moica-g2", "內政部憑證管理中心", 2048}, {"moica-g3", "內政部憑證管理中心", 4096}}},
      {{{"moeaca-g2", "工商憑證管理中心", 2048}, {"moeaca-g3", "工商憑證管理中心", 4096}}},
      {{{"gca-g2", "政府憑證管理中心", 2048}, {"gca-g3", "政府憑證管理中心", 4096}}},
  }};
  return issuers[static_cast<std::size_t>(kind)][generation == 3 ? 1 : 0];
}

Authority::Authority(const Issuer& issuer, KeySource keys, Identity root, Identity issuing,
                     std::shared_ptr<X509_crl_st> revocations)
    : m_issuer(issuer), m_keys(std::move(keys)), m_root(std::move(root)), m_issuing(std::move(issuing)),
      m_revocations(std::move(revocations)) {}

Authority::Identity Authority::make_root(const KeySource& keys) {
  Identity root{keys.next(), nullptr};
  root.certificate = unsigned_certificate(root.key, -10 * year, 20 * year);
  auto* certificate = root.certificate.get();
  auto* name = X509_get_subject_name(certificate);
  add(name, "C", "TW");
  add(name, "O", "twcard simulator");
  add(name, "OU", "Test Root Certification Authority, no real certificates");
  X509_set_issuer_name(certificate, name);
  extend_as_authority(certificate, certificate, "critical,CA:TRUE");
  sign(certificate, root.key);
  return root;
}

Authority::Identity Authority::make_issuing(const Issuer& issuer, const Identity& root, const KeySource& keys) {
  Identity issuing{keys.next(issuer.key_bits), nullptr};
  issuing.certificate = unsigned_certificate(issuing.key, -10 * year, 19 * year);
  auto* certificate = issuing.certificate.get();
  auto* name = X509_get_subject_name(certificate);
  add(name, "C", "TW");
  add(name, "O", "行政院");
  add(name, "OU", std::string(issuer.unit));
  X509_set_issuer_name(certificate, X509_get_subject_name(root.certificate.get()));
  extend_as_authority(certificate, root.certificate.get(), "critical,CA:TRUE,pathlen:0");
  sign(certificate, root.key);
  return issuing;
}

Authority Authority::create(const Issuer& issuer, KeySource keys) {
  auto root = make_root(keys);
  auto issuing = make_issuing(issuer, root, keys);
  std::shared_ptr<X509_CRL> revocations(X509_CRL_new(), &X509_CRL_free);
  return {issuer, std::move(keys), std::move(root), std::move(issuing), std::move(revocations)};
}

Authority Authority::load_or_create(const std::filesystem::path& folder, const Issuer& issuer, bool fresh_keys) {
  const auto remembered = folder / keys_file;
  auto keys = fresh_keys                            ? KeySource::generating()
              : std::filesystem::exists(remembered) ? KeySource::pool_from_text(read_text(remembered))
                                                    : KeySource::pool();
  const auto load = [&folder](const std::string& name) {
    return Identity{RsaKey::from_pem(read_text(folder / (name + ".key.pem"))),
                    certificate_from(folder / (name + ".pem"))};
  };
  if (!std::filesystem::exists(folder / "root.pem")) return create(issuer, std::move(keys));
  auto root = load("root");
  const std::string name(issuer.file);
  std::shared_ptr<X509_CRL> revocations(X509_CRL_new(), &X509_CRL_free);
  if (!std::filesystem::exists(folder / (name + ".pem"))) {
    auto issuing = make_issuing(issuer, root, keys);
    return {issuer, std::move(keys), std::move(root), std::move(issuing), std::move(revocations)};
  }
  const auto list = folder / (name + ".crl.pem");
  const auto text = read_text(list);
  revocations.reset(PEM_read_bio_X509_CRL(bio_over(text).get(), nullptr, nullptr, nullptr), &X509_CRL_free);
  if (revocations == nullptr) throw Error(Errc::BadRequest, list.string() + ": no CRL in PEM");
  return {issuer, std::move(keys), std::move(root), load(name), std::move(revocations)};
}

void Authority::save(const std::filesystem::path& folder) const {
  const std::string name(m_issuer.file);
  if (!m_keys.generates()) write_text(folder / keys_file, m_keys.to_text());
  write_text(folder / (name + ".key.pem"), m_issuing.key.to_pem());
  write_text(folder / (name + ".crl.pem"), revocation_list_pem());
  write_text(folder / (name + ".pem"), issuing_pem());
  write_text(folder / "root.key.pem", m_root.key.to_pem());
  write_text(folder / "root.pem", root_pem());
}

Bytes Authority::issue(const CertificateRequest& request, const RsaKey& key) {
  auto certificate =
      request.expired ? unsigned_certificate(key, -6 * year, -year) : unsigned_certificate(key, -day, 5 * year);
  if (request.serial_zero) check(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 0) == 1, "serial number");
  auto* name = X509_get_subject_name(certificate.get());
  add(name, "C", "TW");
  add(name, request.kind == HolderKind::Citizen ? "CN" : "O", request.name);
  add(name, "serialNumber", request.serial_number);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(m_issuing.certificate.get()));

  extend(certificate.get(), m_issuing.certificate.get(), NID_key_usage, usage_of(request.purpose));
  extend(certificate.get(), m_issuing.certificate.get(), NID_subject_key_identifier, "hash");
  extend(certificate.get(), m_issuing.certificate.get(), NID_authority_key_identifier, "keyid:always");
  extend(certificate.get(), m_issuing.certificate.get(), NID_crl_distribution_points,
         "URI:http://simulator.invalid/crl/complete.crl");
  extend(certificate.get(), NID_subject_directory_attributes, subject_directory_attributes(request));
  sign(certificate.get(), m_issuing.key);

  if (request.revoked) {
    Owned<X509_REVOKED, X509_REVOKED_free> entry(X509_REVOKED_new());
    const Owned<ASN1_TIME, ASN1_TIME_free> now(ASN1_TIME_set(nullptr, std::time(nullptr)));
    check(X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(certificate.get())) == 1 &&
              X509_REVOKED_set_revocationDate(entry.get(), now.get()) == 1 &&
              X509_CRL_add0_revoked(m_revocations.get(), entry.get()) == 1,
          "revoking a certificate");
    static_cast<void>(entry.release());
  }
  return der_of(certificate.get());
}

Bytes Authority::namesake_der() const {
  return der_of(make_issuing(m_issuer, m_root, m_keys).certificate.get());
}

Bytes Authority::root_der() const {
  return der_of(m_root.certificate.get());
}
Bytes Authority::issuing_der() const {
  return der_of(m_issuing.certificate.get());
}
std::string Authority::root_pem() const {
  return pem_of(m_root.certificate.get());
}
std::string Authority::issuing_pem() const {
  return pem_of(m_issuing.certificate.get());
}

std::string Authority::revocation_list_pem() const {
  const Owned<X509_CRL, X509_CRL_free> list(X509_CRL_new());
  const auto now = std::time(nullptr);
  const Owned<ASN1_TIME, ASN1_TIME_free> from(ASN1_TIME_set(nullptr, now));
  const Owned<ASN1_TIME, ASN1_TIME_free> until(ASN1_TIME_set(nullptr, now + 30 * day));
  check(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
            X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(m_issuing.certificate.get())) == 1 &&
            X509_CRL_set1_lastUpdate(list.get(), from.get()) == 1 &&
            X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1,
        "filling a CRL");
  const auto* revoked = X509_CRL_get_REVOKED(m_revocations.get());
  for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i)
    check(X509_CRL_add0_revoked(list.get(), X509_REVOKED_dup(sk_X509_REVOKED_value(revoked, i))) == 1, "copying a CRL");

  X509V3_CTX context;
  X509V3_set_ctx(&context, m_issuing.certificate.get(), nullptr, nullptr, list.get(), 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> identifier(
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
  check(X509_CRL_add_ext(list.get(), identifier.get(), -1) == 1 && ASN1_INTEGER_set_int64(number.get(), now) == 1 &&
            X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1 &&
            X509_CRL_sort(list.get()) == 1 && X509_CRL_sign(list.get(), m_issuing.key.get(), EVP_sha256()) > 0,
        "signing a CRL");
  const crypto::Bio bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1, "writing a CRL");
  return crypto::text_in(bio.get());
}

} // namespace twcard::simulator
