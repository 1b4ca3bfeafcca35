#include "driver/crypto/x509.hpp"

#include "tests/driver/card/certificate/known_certificate.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

namespace twcard::crypto {

BOOST_AUTO_TEST_SUITE(x509)

BOOST_AUTO_TEST_CASE(only_exactly_one_certificate_is_a_certificate) {
  const auto whole = testing::known_certificate();
  BOOST_TEST(static_cast<bool>(parse_x509(whole)));
  auto longer = whole;
  longer.push_back(0);
  for (const auto& der : {longer, Bytes(whole.begin(), whole.end() - 1), Bytes{}, Bytes{0x30, 0x00}})
    BOOST_TEST(!parse_x509(der));
}

BOOST_AUTO_TEST_CASE(bad_input_leaves_nothing_on_the_error_queue) {
  ERR_clear_error();
  BOOST_TEST(!parse_x509(as_bytes("not a certificate")));
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(names_and_dates_are_text) {
  const auto certificate = parse_x509(testing::known_certificate());
  BOOST_TEST(text_of(X509_get_subject_name(certificate.get())).value() ==
             "serialNumber=0000000112345678,CN=王小明,O=twcard 測試,C=TW");
  BOOST_TEST(text_of(X509_get0_notAfter(certificate.get())).value() == "2050-06-07T08:09:10Z");
}

BOOST_AUTO_TEST_CASE(a_signature_is_checked_with_its_function_and_hash) {
  const auto certificate = parse_x509(testing::known_certificate());
  auto* key = X509_get0_pubkey(certificate.get());
  auto hash = testing::known_hash();
  const auto signature = testing::known_signature();
  BOOST_TEST(verifies(key, HashFunction::Sha256, hash, signature));
  BOOST_TEST(!verifies(key, HashFunction::Sha384, hash, signature));
  BOOST_TEST(!verifies(nullptr, HashFunction::Sha256, hash, signature));
  hash[0] ^= 1;
  BOOST_TEST(!verifies(key, HashFunction::Sha256, hash, signature));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::crypto
