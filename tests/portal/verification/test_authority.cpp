#include "tests/portal/verification/test_authority.hpp"

#include "driver/crypto/x509.hpp"
#include "tests/support/test_key.hpp"

#include <array>
#include <cstdlib>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace twcard::portal::test {
namespace {

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refuses to make a test certificate");
}

KeyPair key_of(EVP_PKEY* key) {
  require(key != nullptr);
  return {key, EVP_PKEY_free};
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
  require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0) == 1);
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  require(extension && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// SubjectDirectoryAttributes with one attribute, 2.16.886.1.100.2.51, in DER by hand (X.690): 2.16.886.1.100.2.51 is
// 60 86 76 01 64 02 33.
void extend_with_id_ending(X509* certificate, const std::string& ending) {
  const auto size = static_cast<std::uint8_t>(ending.size());
  const auto plus = [size](unsigned more) { return static_cast<std::uint8_t>(size + more); };
  Bytes der{0x30, plus(15), 0x30, plus(13), 0x06, 0x07,    0x60, 0x86, 0x76,
            0x01, 0x64,     0x02, 0x33,     0x31, plus(2), 0x13, size};
  der.insert(der.end(), ending.begin(), ending.end());
  ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
  require(octets && ASN1_OCTET_STRING_set(octets, der.data(), static_cast<int>(der.size())) == 1);
  X509_EXTENSION* extension = X509_EXTENSION_create_by_NID(nullptr, NID_subject_directory_attributes, 0, octets);
  require(extension && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(octets);
}

std::shared_ptr<X509> unsigned_certificate(const KeyPair& key, long serial, long starts, long ends) {
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  require(certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), starts);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ends);
  require(X509_set_pubkey(certificate.get(), key.get()) == 1);
  return certificate;
}

void sign(X509* certificate, const X509* issuer, const KeyPair& key) {
  require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
  require(X509_sign(certificate, key.get(), EVP_sha256()) != 0);
}

std::shared_ptr<X509> make_authority(const std::string& organisation, const KeyPair& key, long serial) {
  auto certificate = unsigned_certificate(key, serial, -86400, 3650L * 86400);
  add_name(X509_get_subject_name(certificate.get()), "O", organisation);
  extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  return certificate;
}

template <typename Write>
void write_pem(const std::filesystem::path& file, Write write) {
  const crypto::Bio bio(BIO_new_file(file.c_str(), "w"));
  require(bio && write(bio.get()) == 1);
}

} // namespace

KeyPair rsa_key(int bits) {
  if (bits == 2048) return twcard::testing::test_key();
  return key_of(EVP_RSA_gen(static_cast<unsigned>(bits)));
}

KeyPair ec_key() {
  return key_of(EVP_EC_gen("P-256"));
}

TemporaryFolder::TemporaryFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "portal-tests.XXXXXX").string();
  require(mkdtemp(path.data()) != nullptr);
  m_path = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::filesystem::remove_all(m_path);
}

TestAuthority::TestAuthority(const std::string& organisation)
    : m_root(make_authority(organisation, m_root_key, 1)),
      m_issuer(make_authority(organisation + " issuing authority", m_issuer_key, 2)) {
  sign(m_root.get(), m_root.get(), m_root_key);
  sign(m_issuer.get(), m_root.get(), m_root_key);
}

Certificate TestAuthority::issue(const Leaf& leaf, const KeyPair& key) const {
  const auto certificate = unsigned_certificate(key, leaf.serial, leaf.starts, leaf.ends);
  add_name(X509_get_subject_name(certificate.get()), "CN", leaf.name);
  if (!leaf.serial_number.empty()) {
    add_name(X509_get_subject_name(certificate.get()), "serialNumber", leaf.serial_number);
  }
  if (leaf.authority) extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (!leaf.key_usage.empty()) extend(certificate.get(), NID_key_usage, leaf.key_usage);
  if (leaf.id_number_ending) extend_with_id_ending(certificate.get(), *leaf.id_number_ending);
  sign(certificate.get(), m_issuer.get(), m_issuer_key);
  return Certificate(certificate.get());
}

void TestAuthority::write_list(const std::filesystem::path& file, const List& list) const {
  const Owned<X509_CRL, X509_CRL_free> crl(X509_CRL_new());
  const auto time = [](long offset) { return Owned<ASN1_TIME, ASN1_TIME_free>(X509_gmtime_adj(nullptr, offset)); };
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(m_issuer.get()));
  X509_CRL_set1_lastUpdate(crl.get(), time(list.starts).get());
  X509_CRL_set1_nextUpdate(crl.get(), time(list.ends).get());
  if (list.revoked != 0) {
    X509_REVOKED* entry = X509_REVOKED_new();
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> serial(ASN1_INTEGER_new());
    ASN1_INTEGER_set(serial.get(), list.revoked);
    X509_REVOKED_set_serialNumber(entry, serial.get());
    X509_REVOKED_set_revocationDate(entry, time(list.starts).get());
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  const auto& key = list.signed_by_another ? m_root_key : m_issuer_key;
  require(X509_CRL_sign(crl.get(), key.get(), EVP_sha256()) != 0);
  write_pem(file, [&](BIO* bio) { return PEM_write_bio_X509_CRL(bio, crl.get()); });
}

TrustFiles TestAuthority::write_to(const TemporaryFolder& folder, const List& list) const {
  write_pem(folder.file("root.pem"), [&](BIO* bio) { return PEM_write_bio_X509(bio, m_root.get()); });
  write_pem(folder.file("issuer.pem"), [&](BIO* bio) { return PEM_write_bio_X509(bio, m_issuer.get()); });
  write_list(folder.file("crl.pem"), list);
  return {{folder.file("root.pem")}, {folder.file("issuer.pem")}, {folder.file("crl.pem")}};
}

Bytes der_of(const Certificate& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.handle(), &der);
  require(size > 0);
  Bytes copy(der, der + size);
  OPENSSL_free(der);
  return copy;
}

Bytes sign_login(const KeyPair& key, std::string_view origin, std::string_view nonce) {
  std::array<std::uint8_t, 64> message{};
  require(EVP_Digest(origin.data(), origin.size(), message.data(), nullptr, EVP_sha256(), nullptr) == 1);
  require(EVP_Digest(nonce.data(), nonce.size(), message.data() + 32, nullptr, EVP_sha256(), nullptr) == 1);
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
  require(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
  Bytes signature(size);
  require(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  return signature;
}

boost::json::object token_of(const Certificate& certificate, ByteView signature) {
  return {{"unverifiedCertificate", to_base64(der_of(certificate))},
          {"algorithm", "RS256"},
          {"signature", to_base64(signature)},
          {"format", "web-eid:1.0"},
          {"appVersion", "twcard/0.1.0"}};
}

void write_site_certificate(const TemporaryFolder& folder) {
  const auto key = ec_key();
  const auto certificate = unsigned_certificate(key, 3, -3600, 86400);
  add_name(X509_get_subject_name(certificate.get()), "CN", "localhost");
  extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  sign(certificate.get(), certificate.get(), key);
  write_pem(folder.file("site.pem"), [&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
  write_pem(folder.file("site.key"),
            [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

} // namespace twcard::portal::test
