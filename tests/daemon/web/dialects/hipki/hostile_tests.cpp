// Data of a hostile card (CVE-2022-32959 and -32961 were overflows of the old component by such): what becomes of it is
// valid JSON of a bounded size, or an error.
#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/hipki/signed_data.hpp"
#include "driver/base/owned.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

namespace twcard::web::hipki {

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

// What OpenSSL's functions would not write: characters that are none.
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

// As the service sends it: strings in JSON, whatever is in them.
json::object listing(const Bytes& der, const std::string& text) {
  json::object form{{"id", text},
                    {"label", text},
                    {"der", to_base64(der)},
                    {"serial_number", text},
                    {"not_before", "2024-01-02T03:04:05Z"},
                    {"not_after", "2034-01-02T03:04:05Z"},
                    {"usage", json::array{text, text}},
                    {"has_key", true}};
  json::object token{{"serial_number", text}, {"certificates", json::array{std::move(form)}}};
  return {{"readers", json::array{json::object{{"name", text}, {"token", std::move(token)}}}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(hipki_hostile)

BOOST_AUTO_TEST_CASE(whatever_certificates_a_card_has_the_answer_is_json_of_a_bounded_size) {
  int number = 0;
  for (const auto& der : hostile_certificates()) BOOST_TEST_CONTEXT("certificate " << number++) {
      BOOST_REQUIRE(der.size() < 70 * kibi);
      const auto answer = information_answer(readers_of(listing(der, "x")), true, true);
      BOOST_TEST(answer.size() < kibi + 24 * der.size()); // three names; at most six octets for one, and base64
      boost::system::error_code fault;
      const auto parsed = json::parse(answer, fault); // which refuses what is no UTF-8
      BOOST_TEST_REQUIRE(!fault);
      const auto& told = parsed.at("slots").at(0).at("token").at("certs").at(0);
      BOOST_TEST(told.at("certb64").as_string() == to_base64(der));
      BOOST_TEST(told.at("subjectID").as_string().size() <= 16U);
      BOOST_TEST((json::parse(pixel_text(answer)) == parsed));
    }
}

BOOST_AUTO_TEST_CASE(names_are_told_whole_and_escaped) {
  const auto subject = [](const std::string& octets, int type = V_ASN1_UTF8STRING) {
    return names_of(certificate({{{type, octets}}}));
  };
  const auto longest = std::string(60 * kibi, 'A');
  BOOST_TEST(subject(longest).subject == "CN=" + longest);
  BOOST_TEST(subject(longest).common_name == longest);
  const std::string nul("a\0b", 3);
  BOOST_TEST(subject(nul).subject == "CN=a\\00b"); // RFC 2253
  BOOST_TEST(subject(nul).common_name == nul);
  // A value cannot pass for the part behind it.
  BOOST_TEST(subject("x,serialNumber=0000000112345678").subject == "CN=x\\,serialNumber=0000000112345678");
  BOOST_TEST(subject("\x73\x8B", V_ASN1_BMPSTRING).subject == "CN=王");
}

BOOST_AUTO_TEST_CASE(long_and_odd_labels_and_reader_names_are_told) {
  for (const std::string& text : {std::string(64 * kibi, 'x'), std::string(64 * kibi, '\x01'), std::string(kibi, '"'),
                                  std::string("</script><b>\0x", 14), std::string("王") + "\xF0\xA0\xAE\xB7"}) {
    const auto parsed = json::parse(information_answer(readers_of(listing({}, text)), true, true));
    const auto& slot = parsed.at("slots").at(0);
    BOOST_TEST((slot.at("slotDescription").as_string() == text));
    BOOST_TEST((slot.at("token").at("serialNumber").as_string() == text));
    BOOST_TEST((slot.at("token").at("certs").at(0).at("label").as_string() == text));
  }
}

BOOST_AUTO_TEST_CASE(a_message_for_what_is_no_usable_certificate_is_an_error) {
  const Bytes signature(256, 0x5A);
  for (const auto& der : hostile_certificates()) {
    const auto assembled = [&] { return SignedData(as_bytes("x"), "SHA-256", {}).assemble(der, signature); };
    BOOST_CHECK_THROW((void)assembled(), Error); // none has an RSA key
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
