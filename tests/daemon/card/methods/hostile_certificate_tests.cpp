// Certificates of a hostile card (CVE-2022-32959 and -32961 were overflows of the old HiPKI component by such): what
// leaves the service is valid JSON of a bounded size, or the card is refused.
#include "daemon/card/methods/json_forms.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

namespace twcard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t kibi = 1024;

struct Entry {
  int type; // V_ASN1_…
  std::string octets;
  int attribute = NID_commonName;
};

struct Hostile {
  std::vector<Entry> subject;
  std::size_t serial_octets = 1;
  std::string directory_attributes{}; // octets of that extension; empty: none
};

void check(bool worked) {
  BOOST_REQUIRE(worked);
}

const EVP_PKEY* key() {
  static const Owned<EVP_PKEY, EVP_PKEY_free> made(EVP_EC_gen("P-256"));
  return made.get();
}

Bytes certificate(const Hostile& hostile) {
  const Owned<X509, X509_free> made(X509_new());
  auto* x509 = made.get();
  auto* const signer = const_cast<EVP_PKEY*>(key());
  const Owned<BIGNUM, BN_free> number(BN_new());
  check(BN_one(number.get()) == 1 &&
        BN_lshift(number.get(), number.get(), static_cast<int>(hostile.serial_octets) * 8 - 2) == 1 &&
        BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) != nullptr);
  check(X509_set_version(x509, 2) == 1 && X509_gmtime_adj(X509_getm_notBefore(x509), 0) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600) != nullptr && X509_set_pubkey(x509, signer) == 1);
  auto* name = X509_get_subject_name(x509);
  for (const auto& entry : hostile.subject)
    check(X509_NAME_add_entry_by_NID(name, entry.attribute, entry.type, as_bytes(entry.octets).data(),
                                     static_cast<int>(entry.octets.size()), -1, 0) == 1);
  check(X509_set_issuer_name(x509, name) == 1);
  if (!hostile.directory_attributes.empty()) {
    const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
    check(ASN1_OCTET_STRING_set(value.get(), as_bytes(hostile.directory_attributes).data(),
                                static_cast<int>(hostile.directory_attributes.size())) == 1);
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509_EXTENSION_create_by_NID(nullptr, NID_subject_directory_attributes, 0, value.get()));
    check(extension && X509_add_ext(x509, extension.get(), -1) == 1);
  }
  check(X509_sign(x509, signer, EVP_sha256()) > 0);
  unsigned char* octets = nullptr;
  const int size = i2d_X509(x509, &octets);
  check(size > 0);
  Bytes der(octets, octets + size);
  OPENSSL_free(octets);
  return der;
}

std::string tlv(unsigned char tag, const std::string& value) {
  const auto size = value.size();
  std::string head(1, static_cast<char>(tag));
  if (size >= 0x80) head += size > 0xFF ? "\x82" : "\x81";
  if (size > 0xFF) head += static_cast<char>(size >> 8U);
  head += static_cast<char>(size & 0xFFU);
  return head + value;
}

std::string nested(std::size_t depth) {
  std::string octets;
  for (std::size_t i = 0; i < depth; ++i) octets = tlv(0x30, octets);
  return octets;
}

// An attribute of the kind that holds the last characters of the national ID.
std::string last_four(const std::string& values) {
  return tlv(0x30, tlv(0x06, "\x60\x86\x76\x01\x64\x02\x33") + tlv(0x31, values));
}

// What OpenSSL's functions would not write: invalid characters.
Bytes spoilt(int type, const std::string& bad) {
  const std::string good("\0\0\x4E\x71", 4); // a character, or two, or four
  auto der = certificate({{{type, good}}});
  auto at = der.begin();
  while ((at = std::search(at, der.end(), good.begin(), good.end())) != der.end()) at = std::ranges::copy(bad, at).out;
  return der;
}

std::vector<Bytes> hostile_certificates() {
  const std::string nul("a\0b", 3);
  std::vector<Entry> many;
  for (int i = 0; i < 2400; ++i) many.push_back({V_ASN1_UTF8STRING, "x"});
  std::vector<Hostile> kinds{
      {{{V_ASN1_UTF8STRING, std::string(31 * kibi, 'A')}}},
      {{{V_ASN1_UTF8STRING, std::string(15 * kibi, '\x01')}}},
      {{{V_ASN1_UTF8STRING, std::string(15 * kibi, '"')}, {V_ASN1_UTF8STRING, std::string(15 * kibi, '\\')}}},
      {{{V_ASN1_UTF8STRING, nul}, {V_ASN1_PRINTABLESTRING, nul, NID_serialNumber}}},
      {{{V_ASN1_BMPSTRING, std::string(20 * kibi, '\x73')}}},
      {{{V_ASN1_T61STRING, std::string(20 * kibi, '\xFF')}}},
      {{{V_ASN1_IA5STRING, "\x80\xFF"}, {V_ASN1_PRINTABLESTRING, "\xC3\x28"}}},
      {{{V_ASN1_BIT_STRING, std::string(kibi, '\xFF')}, {V_ASN1_NUMERICSTRING, std::string(kibi, '\xFF')}}},
      {{{V_ASN1_SEQUENCE, nested(5000)}}},
      {many},
      {{{V_ASN1_UTF8STRING, "x"}}, 16 * kibi},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, last_four(tlv(0x13, std::string(40 * kibi, '6')))},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, tlv(0x30, last_four(tlv(0x13, std::string(40 * kibi, '6'))))},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, tlv(0x30, last_four(tlv(0x13, "\xFF\xFE\x22\x01")))},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, tlv(0x30, last_four(tlv(0x13, "6789")).substr(0, 18))},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, nested(5000)},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, "\x30\x80"},
      {{{V_ASN1_UTF8STRING, "x"}}, 1, "\x30\x84\x7F\xFF\xFF\xFF"},
  };
  std::vector<Bytes> all;
  for (const auto& kind : kinds) all.push_back(certificate(kind));
  all.push_back(spoilt(V_ASN1_UTF8STRING, "\xFF\xC0\x80\xED"));
  all.push_back(spoilt(V_ASN1_BMPSTRING, std::string("\xD8\x00\x00\x41", 4))); // half of a surrogate pair
  all.push_back(spoilt(V_ASN1_UNIVERSALSTRING, "\x7F\xFF\xFF\xFF"));
  // None at all.
  for (const std::string& octets :
       {std::string(), std::string("\x30"), std::string("\x30\x80"), std::string("\x30\x84\xFF\xFF\xFF\xFF"),
        std::string(64 * kibi, '\0'), std::string(64 * kibi, '\x30'), nested(5000)})
    all.push_back(to_bytes(as_bytes(octets)));
  return all;
}

// The form of this certificate that a page receives.
json::object form_of(const Bytes& der) {
  auto info = card::parse_certificate(der);
  Snapshot snapshot;
  snapshot.certificates.push_back({{card::CertificateRole::Signature, "SIGN", "label", der, 1}, std::move(info)});
  return certificates_for_pages(snapshot).at(0).as_object();
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_certificates_of_cards)

BOOST_AUTO_TEST_CASE(whatever_certificates_a_card_has_the_answer_is_json_of_a_bounded_size) {
  int number = 0;
  int taken = 0;
  for (const auto& der : hostile_certificates()) BOOST_TEST_CONTEXT("certificate " << number++) {
      BOOST_REQUIRE(der.size() < 70 * kibi);
      try {
        const auto form = form_of(der);
        ++taken;
        const auto text = json::serialize(form);
        BOOST_TEST(text.size() < kibi + 40 * der.size()); // five names; at most six octets for one, and base64
        boost::system::error_code fault;
        const auto parsed = json::parse(text, fault); // which refuses invalid UTF-8
        BOOST_TEST_REQUIRE(!fault);
        BOOST_TEST((parsed == form));
        BOOST_TEST(parsed.at("der").as_string() == to_base64(der));
        BOOST_TEST(parsed.at("last_four").as_string().size() <= 16U);
        // None has a key that the service signs with: no message is made around it.
        BOOST_TEST(card::parse_certificate(der).modulus.empty());
      } catch (const Error& error) {
        BOOST_TEST((error.code() == Errc::BadCardData));
      }
    }
  BOOST_TEST(taken > 5);
}

BOOST_AUTO_TEST_CASE(names_are_complete_and_escaped) {
  const auto info = [](const std::string& octets, int type = V_ASN1_UTF8STRING) {
    return card::parse_certificate(certificate({{{type, octets}}}));
  };
  const auto longest = std::string(3 * kibi, 'A'); // there twice, and at most 8 KiB of certificate
  BOOST_TEST(info(longest).ordered_subject == "CN=" + longest);
  BOOST_TEST(info(longest).common_name == longest);
  const std::string nul("a\0b", 3);
  BOOST_TEST(info(nul).ordered_subject == "CN=a\\00b"); // RFC 2253
  BOOST_TEST(info(nul).common_name == nul);
  // A value cannot pass for the part behind it.
  BOOST_TEST(info("x,serialNumber=0000000112345678").ordered_subject == "CN=x\\,serialNumber=0000000112345678");
  BOOST_TEST(info("\x73\x8B", V_ASN1_BMPSTRING).ordered_subject == "CN=王");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service
