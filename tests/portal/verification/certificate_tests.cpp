#include "portal/verification/certificate.hpp"

#include "tests/portal/verification/refusal_check.hpp"
#include "tests/portal/verification/test_authority.hpp"

namespace twcard::portal::test {

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_AUTO_TEST_CASE(tells_name_serial_number_and_the_end_of_the_id_number) {
  const TestAuthority authority;
  const auto certificate = Certificate::from_der(der_of(authority.issue({}, ec_key())));
  BOOST_TEST(certificate.common_name() == "王小明");
  BOOST_TEST(certificate.subject_serial_number() == "0000111122223333");
  BOOST_TEST(certificate.id_number_ending().value() == "6789");
  BOOST_TEST(certificate.is_for_signatures());
}

BOOST_AUTO_TEST_CASE(without_the_attribute_there_is_no_end_of_an_id_number) {
  const TestAuthority authority;
  BOOST_TEST(!authority.issue({.id_number_ending = std::nullopt}, ec_key()).id_number_ending());
}

BOOST_AUTO_TEST_CASE(only_digital_signature_without_being_an_authority_is_for_signatures) {
  const TestAuthority authority;
  const auto key = ec_key();
  BOOST_TEST(!authority.issue({.key_usage = "critical,keyEncipherment,dataEncipherment"}, key).is_for_signatures());
  BOOST_TEST(!authority.issue({.key_usage = ""}, key).is_for_signatures());
  BOOST_TEST(!authority.issue({.key_usage = "critical,digitalSignature,keyCertSign", .authority = true}, key)
                  .is_for_signatures());
}

BOOST_AUTO_TEST_CASE(der_that_is_cut_or_followed_by_something_is_refused_at_every_length) {
  const TestAuthority authority;
  auto der = der_of(authority.issue({}, ec_key()));
  for (std::size_t size = 0; size < der.size(); ++size) {
    check_refused(Reason::CertificateMalformed, [&] { (void)Certificate::from_der({der.data(), size}); });
  }
  der.push_back(0);
  check_refused(Reason::CertificateMalformed, [&] { (void)Certificate::from_der(der); });
  check_refused(Reason::CertificateMalformed, [&] { (void)Certificate::from_der(Bytes(16 * 1024 + 1, 0x30)); });
}

BOOST_AUTO_TEST_CASE(damaged_octets_never_do_more_than_refuse) {
  const TestAuthority authority;
  const auto der = der_of(authority.issue({}, ec_key()));
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto damaged = der;
    damaged[i] ^= 0xff;
    try {
      const auto certificate = Certificate::from_der(damaged);
      (void)certificate.common_name();
      (void)certificate.id_number_ending();
      (void)certificate.is_for_signatures();
      (void)certificate.verifies(der, der);
    } catch (const Refusal& refusal) {
      BOOST_TEST(name_of(refusal.reason()) == name_of(Reason::CertificateMalformed));
    }
  }
}

BOOST_AUTO_TEST_CASE(verifies_only_rsa_keys_of_2048_bits_and_more) {
  const TestAuthority authority;
  const auto message = as_bytes("message");
  BOOST_TEST(!authority.issue({}, ec_key()).verifies(message, sign_login(ec_key(), "o", "n")));
  const auto small = rsa_key(1024);
  const auto large = rsa_key(2048);
  const std::string hashes = [] {
    // SHA-256("") twice: what sign_login signs for an empty origin and an empty nonce (FIPS 180-4 test value).
    const auto empty = *from_hex("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
    return std::string(as_text(empty)) + std::string(as_text(empty));
  }();
  BOOST_TEST(!authority.issue({}, small).verifies(as_bytes(hashes), sign_login(small, "", "")));
  BOOST_TEST(authority.issue({}, large).verifies(as_bytes(hashes), sign_login(large, "", "")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
