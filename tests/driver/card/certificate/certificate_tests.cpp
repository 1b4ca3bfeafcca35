#include "driver/card/certificate/certificate.hpp"

#include "tests/driver/card/certificate/known_certificate.hpp"
#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_AUTO_TEST_CASE(a_certificate_says_what_openssl_prints) {
  const auto info = parse_certificate(testing::known_certificate());
  BOOST_TEST(info.subject == "serialNumber=0000000112345678,CN=王小明,O=twcard 測試,C=TW");
  BOOST_TEST(info.common_name == "王小明");
  BOOST_TEST(info.issuer == info.subject);
  BOOST_TEST(info.serial_number == "0123456789ABCDEF01");
  BOOST_TEST(info.not_before == "2020-01-02T03:04:05Z");
  BOOST_TEST(info.not_after == "2050-06-07T08:09:10Z");
  BOOST_TEST(info.usage == (std::vector<std::string>{"digitalSignature", "nonRepudiation"}),
             boost::test_tools::per_element());
  BOOST_TEST(info.has_usage("digitalSignature"));
  BOOST_TEST(!info.has_usage("keyEncipherment"));
  BOOST_TEST(!info.authority);
  BOOST_TEST(info.self_issued);
  BOOST_TEST(info.key_bits == 2048);
  BOOST_CHECK(info.modulus == testing::known_modulus());
}

BOOST_AUTO_TEST_CASE(what_pages_and_messages_take_from_a_certificate_is_what_openssl_takes) {
  const auto info = parse_certificate(testing::citizen_certificate());
  // Pages split it at "," and "=" and take what stands behind the last "=" for the holder's number.
  BOOST_TEST(info.ordered_subject == "C=TW,CN=王小明,serialNumber=0000000112345678");
  BOOST_TEST(info.ordered_issuer == info.ordered_subject); // it is its own
  BOOST_TEST(info.last_four == "6789");
  BOOST_TEST(name_of(info.holder) == "citizen");
  BOOST_CHECK(info.public_key == testing::citizen_public_key());
  BOOST_CHECK(info.issuer_and_serial == testing::citizen_issuer_and_serial());
  BOOST_TEST(parse_certificate(testing::known_certificate()).last_four.empty());
}

BOOST_AUTO_TEST_CASE(only_exactly_one_certificate_is_a_certificate) {
  auto longer = testing::known_certificate();
  longer.push_back(0);
  auto shorter = testing::known_certificate();
  shorter.pop_back();
  auto damaged = testing::known_certificate();
  damaged[6] = 0x7F;
  for (const auto& der : {longer, shorter, damaged, Bytes{}, Bytes{0x30, 0x00}, Bytes(max_certificate_octets + 1)})
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_certificate(der)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_certificate_cut_or_changed_anywhere_does_no_harm) {
  for (const auto& whole : {testing::known_certificate(), testing::citizen_certificate()})
    for (std::size_t at = 0; at < whole.size(); ++at) {
      BOOST_CHECK_EXCEPTION(static_cast<void>(parse_certificate(ByteView(whole).first(at))), Error,
                            has_code(Errc::BadCardData));
      auto changed = whole;
      changed[at] ^= 0xFF;
      try {
        BOOST_CHECK(parse_certificate(changed).last_four.size() <= 16U);
      } catch (const Error& error) {
        BOOST_CHECK(error.code() == Errc::BadCardData);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_signature_of_the_openssl_program_verifies) {
  BOOST_TEST(
      verifies(testing::known_certificate(), HashFunction::Sha256, testing::known_hash(), testing::known_signature()));
}

BOOST_AUTO_TEST_CASE(another_hash_or_signature_does_not_verify) {
  auto hash = testing::known_hash();
  auto signature = testing::known_signature();
  hash[0] ^= 1;
  BOOST_TEST(!verifies(testing::known_certificate(), HashFunction::Sha256, hash, testing::known_signature()));
  signature[100] ^= 1;
  BOOST_TEST(!verifies(testing::known_certificate(), HashFunction::Sha256, testing::known_hash(), signature));
  BOOST_TEST(
      !verifies(testing::known_certificate(), HashFunction::Sha384, testing::known_hash(), testing::known_signature()));
  BOOST_TEST(!verifies(testing::known_certificate(), HashFunction::Sha256, testing::known_hash(), Bytes{}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
