// Cards from the field that the drivers once read wrongly; tests/cases/README.md.
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/field_case.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::field_case;
using testing::field_case_pin;
using testing::SimulatedHicos;
using testing::SimulatedPkcs15;

namespace {

const CardCertificate& by_id(const std::vector<CardCertificate>& certificates, std::string_view id) {
  const auto found = std::ranges::find(certificates, id, &CardCertificate::id);
  if (found == certificates.end()) throw std::logic_error("no such certificate");
  return *found;
}

std::string names_of(const std::vector<CardCertificate>& certificates) {
  std::string names;
  for (const auto& each : certificates) names += each.id + "=" + each.label + " ";
  return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(field_cases)

BOOST_AUTO_TEST_CASE(a_number_with_letters_is_a_number) {
  SimulatedHicos reader(field_case("citizen_number_with_letters"));
  reader::Transaction transaction(*reader.channel);
  BOOST_TEST(reader.driver.card_number(transaction) == "TP07240513100001");
}

BOOST_AUTO_TEST_CASE(each_of_two_signature_keys_signs_as_itself) {
  SimulatedHicos reader(field_case("citizen_two_signature_keys"));
  const auto certificates = reader.certificates();
  BOOST_TEST(names_of(certificates) == "ROOTCACert=rootCert CACert=caCert KEYX=cert2 SIGN=cert1 SIGN02=cert3 ");
  const Bytes hash(32, 0x5A);
  const auto block = signature_block(HashFunction::Sha256, hash, 256);
  for (const auto* id : {"SIGN", "SIGN02"}) {
    const auto& certificate = by_id(certificates, id);
    const auto signature = reader.private_operation(field_case_pin, certificate.key_reference.value(), block);
    for (const auto* other : {"SIGN", "SIGN02"})
      BOOST_TEST(verifies(by_id(certificates, other).der, HashFunction::Sha256, hash, signature.view()) ==
                 (std::string_view(id) == other));
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_was_renewed_in_place_is_another_one) {
  SimulatedHicos before(field_case("citizen_renewal_1_before"));
  static_cast<void>(before.certificates());
  const auto known = before.driver.certificate_directory();
  const auto still_has = [&known](SimulatedHicos& reader) {
    reader::Transaction transaction(*reader.channel);
    return reader.driver.has_certificate_directory(transaction, known);
  };
  BOOST_TEST(still_has(before));
  for (const auto* name : {"citizen_renewal_2_same_key", "citizen_renewal_3_new_key"}) {
    SimulatedHicos renewed(field_case(name));
    BOOST_TEST(!still_has(renewed), name);
    BOOST_TEST(parse_certificate(by_id(renewed.certificates(), "SIGN").der).not_after == "2029-12-30T02:39:36Z");
  }
}

BOOST_AUTO_TEST_CASE(the_serial_number_zero_is_zero) {
  SimulatedHicos reader(field_case("citizen_serial_zero"));
  const auto der = by_id(reader.certificates(), "SIGN").der;
  BOOST_TEST(parse_certificate(der).serial_number == "00");

  // The same with -7FFF, two octets (80 01): certificate and signed part are one octet longer.
  auto negative = der;
  BOOST_REQUIRE(to_hex(ByteView(negative).subspan(8, 8)) == "A003020102020100");
  negative[14] = 0x02;
  negative[15] = 0x80;
  negative.insert(negative.begin() + 16, 0x01);
  for (const std::size_t length_at : {std::size_t{2}, std::size_t{6}}) ++negative[length_at + 1];
  BOOST_TEST(parse_certificate(negative).serial_number == "-7FFF");
}

BOOST_AUTO_TEST_CASE(a_name_beyond_the_basic_plane_takes_no_key_away) {
  SimulatedHicos reader(field_case("citizen_name_bmpstring_plane2"));
  const auto certificates = reader.certificates();
  const auto& signature = by_id(certificates, "SIGN");
  BOOST_TEST(signature.key_reference.value() == 0x01);
  const auto info = parse_certificate(signature.der);
  BOOST_TEST(info.common_name == "王\U00020BB7明");
  BOOST_TEST(info.subject == "serialNumber=6114948788063839,CN=王\U00020BB7明,C=TW");
  BOOST_TEST(info.has_usage("digitalSignature"));
  const Bytes hash(32, 0x5A);
  const auto made = reader.private_operation(field_case_pin, 0x01, signature_block(HashFunction::Sha256, hash, 256));
  BOOST_TEST(verifies(signature.der, HashFunction::Sha256, hash, made.view()));
}

BOOST_AUTO_TEST_CASE(a_label_has_its_colon_here) {
  SimulatedPkcs15 reader(field_case("pkcs15_label_with_colon"));
  static_cast<void>(reader.certificates());
  BOOST_TEST(reader.driver.names().label == "CAC: WANG.XIAO MING");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
