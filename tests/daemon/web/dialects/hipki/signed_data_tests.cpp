// What OpenSSL's own program makes of the CMS messages.
#include "daemon/web/dialects/hipki/signed_data.hpp"

#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"
#include "tests/cli/child_program.hpp"
#include "tests/cli/test_certificates.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

namespace twcard::web::hipki {

namespace {

using cli::testing::ChildProgram;
using cli::testing::PrivateFolder;

constexpr std::time_t signing_time = 1'790'000'000; // 2026-09-21T14:13:20Z

// As twcardd tells it.
Bytes issuer_and_serial_of(const Bytes& der) {
  const auto* at = der.data();
  const Owned<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  PKCS7_ISSUER_AND_SERIAL both{X509_get_issuer_name(certificate.get()), X509_get_serialNumber(certificate.get())};
  Bytes encoded(static_cast<std::size_t>(i2d_PKCS7_ISSUER_AND_SERIAL(&both, nullptr)));
  auto* end = encoded.data();
  i2d_PKCS7_ISSUER_AND_SERIAL(&both, &end);
  return encoded;
}

// As the card would sign it, with a key that the test has.
Bytes message_of(const std::string& content, const std::string& hash_function, const SignedAttributes& attributes) {
  const auto& signer = cli::testing::test_signer();
  const SignedData data(to_bytes(as_bytes(content)), crypto::hash_function_of(hash_function).value(), attributes);
  const auto signature = signer.sign_hash(data.hash(), hash_function);
  return data.assemble(signer.der(), issuer_and_serial_of(signer.der()), signature);
}

struct OpenSsl {
  PrivateFolder folder;

  [[nodiscard]] cli::testing::Outcome run(const std::vector<std::string>& arguments) const {
    return ChildProgram("/usr/bin/openssl", arguments, {}).finish();
  }
  [[nodiscard]] cli::testing::Outcome verify(const Bytes& message) const {
    const auto authorities = cli::testing::test_root().pem() + cli::testing::test_issuer().pem();
    return run({"cms", "-verify", "-inform", "DER", "-in", folder.file("message", std::string(as_text(message))),
                "-CAfile", folder.file("authorities", authorities), "-purpose", "any", "-binary"});
  }
  [[nodiscard]] std::string parsed(const Bytes& message) const {
    return run({"asn1parse", "-inform", "DER", "-in", folder.file("message", std::string(as_text(message)))}).out;
  }
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(signed_data, OpenSsl)

BOOST_AUTO_TEST_CASE(openssl_verifies_every_hash_function_and_finds_the_content) {
  for (const std::string hash_function : {"SHA-1", "SHA-256", "SHA-384", "SHA-512"})
    for (const std::string& content : {std::string("王小明"), std::string(), std::string("\0\r\n\xFF", 4)}) {
      const auto verified = verify(message_of(content, hash_function, {}));
      BOOST_TEST(verified.exit_code == 0, hash_function << ": " << verified.err);
      BOOST_TEST(verified.out == content);
    }
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_signed_with_it) {
  const auto nonce = from_hex("00112233445566778899").value();
  const auto message = message_of("x", "SHA-256", {signing_time, nonce, "1234567890123456"});
  BOOST_TEST(verify(message).exit_code == 0);
  const auto text = parsed(message);
  BOOST_TEST(contains(text, "OBJECT            :contentType"));
  BOOST_TEST(contains(text, "OBJECT            :messageDigest"));
  BOOST_TEST(contains(text, "OBJECT            :signingTime"));
  BOOST_TEST(contains(text, "UTCTIME           :260921141320Z"));
  BOOST_TEST(contains(text, "OBJECT            :1.2.840.113549.1.9.25.3"));
  BOOST_TEST(contains(text, "[HEX DUMP]:00112233445566778899"));
  BOOST_TEST(contains(text, "PRINTABLESTRING   :1234567890123456"));
  // A SET OF in DER has the shorter ones first (ITU-T X.690 section 11.6).
  std::size_t at = 0;
  for (const char* type :
       {":contentType", ":serialNumber", ":1.2.840.113549.1.9.25.3", ":signingTime", ":messageDigest"}) {
    at = text.find(type, at);
    BOOST_TEST(at != std::string::npos, type);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_asked_for_is_not_there) {
  const auto text = parsed(message_of("x", "SHA-256", {}));
  BOOST_TEST(!contains(text, "signingTime"));
  BOOST_TEST(!contains(text, "1.2.840.113549.1.9.25.3"));
}

BOOST_AUTO_TEST_CASE(an_attribute_that_is_changed_breaks_the_signature) {
  auto message = message_of("x", "SHA-256", {{}, {}, "1234567890123456"});
  const std::string number = "1234567890123456";
  const auto found = std::search(message.begin(), message.end(), number.begin(), number.end());
  BOOST_REQUIRE((found != message.end()));
  *found = '2';
  BOOST_TEST(verify(message).exit_code != 0);
}

BOOST_AUTO_TEST_CASE(long_contents_and_late_times_are_written_as_der_wants_them) {
  for (const std::size_t size : {127U, 128U, 255U, 256U, 65'535U, 65'536U})
    BOOST_TEST(verify(message_of(std::string(size, 'x'), "SHA-256", {})).out == std::string(size, 'x'));
  constexpr std::time_t in_2049 = 2'524'607'999;
  BOOST_TEST(contains(parsed(message_of("x", "SHA-256", {in_2049, {}, ""})), "UTCTIME           :491231235959Z"));
  BOOST_TEST(contains(parsed(message_of("x", "SHA-256", {in_2049 + 1, {}, ""})), "GENERALIZEDTIME   :20500101000000Z"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
