#include "driver/base/error.hpp"
#include "tests/simulator/cards.hpp"
#include "tests/simulator/issuing/x509.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

namespace twcard::simulator::tests {

namespace {

constexpr std::size_t encryption_offset = 0x0E00;
constexpr std::size_t signature_offset = 0x1500;

std::string verified(const boost::json::object& file, std::size_t offset) {
  return verify(certificate_at(file, offset), root_certificate_of(file), issuing_certificate_of(file),
                revocation_list_of(file));
}

boost::json::object made(const CardOptions& options) {
  return personalise("hicos", somebody(), options);
}

std::string fault(const std::string& kind, const InventedPerson& person, const CardOptions& options = {}) {
  try {
    static_cast<void>(personalise(kind, person, options));
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.substr(0, text.find(':'));
  }
  return "";
}

InventedPerson a_company() {
  InventedPerson company;
  company.name = "測試股份有限公司";
  company.tax_number = "12345675";
  return company;
}

InventedPerson an_organisation() {
  InventedPerson organisation;
  organisation.name = "測試機關";
  organisation.organisation = "2.16.886.101.90000";
  return organisation;
}

} // namespace

BOOST_AUTO_TEST_SUITE(personalising)

BOOST_AUTO_TEST_CASE(both_certificates_verify_up_to_the_test_root) {
  BOOST_TEST(verified(citizen_file(), signature_offset) == "ok");
  BOOST_TEST(verified(citizen_file(), encryption_offset) == "ok");
}

BOOST_AUTO_TEST_CASE(names_follow_the_certificate_profile) {
  const auto certificate = certificate_at(citizen_file(), signature_offset);
  const auto subject = subject_of(certificate);
  BOOST_TEST(subject.starts_with("serialNumber="));
  BOOST_TEST(subject.substr(29) == ",CN=王小明,C=TW"); // after 16 digits
  BOOST_TEST(issuer_of(certificate) == "OU=內政部憑證管理中心,O=行政院,C=TW");
}

BOOST_AUTO_TEST_CASE(the_root_says_that_it_is_simulated) {
  BOOST_TEST(root_subject(root_certificate_of(citizen_file())).find("O=twcard simulator") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_four_characters_of_the_id_are_an_attribute) {
  // SEQUENCE { { 2.16.886.1.100.2.1, { 2.16.886.1.100.3.1.1 } }, { 2.16.886.1.100.2.51, { PrintableString "6789" } } }
  const std::string subject_type = "3015"
                                   "0607608676016402"
                                   "01"
                                   "310A"
                                   "0608608676016403"
                                   "0101";
  const std::string last_four = "3011"
                                "0607608676016402"
                                "33"
                                "3106"
                                "1304"
                                "36373839";
  for (const auto offset : {signature_offset, encryption_offset})
    BOOST_TEST(extension_of(certificate_at(citizen_file(), offset), "2.5.29.9") == "302A" + subject_type + last_four);
}

BOOST_AUTO_TEST_CASE(each_certificate_has_its_own_key_usage) {
  BOOST_TEST(extension_of(certificate_at(citizen_file(), signature_offset), "2.5.29.15") == "03020780");
  BOOST_TEST(extension_of(certificate_at(citizen_file(), encryption_offset), "2.5.29.15") == "03020430");
  BOOST_TEST(!extension_of(certificate_at(citizen_file(), signature_offset), "2.5.29.31").empty());
}

BOOST_AUTO_TEST_CASE(the_same_person_keeps_the_serial_number_on_another_card) {
  const auto other = made({});
  BOOST_TEST(subject_of(certificate_at(other, signature_offset)) ==
             subject_of(certificate_at(citizen_file(), signature_offset)));
  BOOST_TEST(root_certificate_of(other) != root_certificate_of(citizen_file()));
}

BOOST_AUTO_TEST_CASE(a_revoked_card_is_on_the_list_with_its_signature_certificate) {
  CardOptions options;
  options.revoked = true;
  const auto file = made(options);
  BOOST_TEST(signed_by(revocation_list_of(file), issuing_certificate_of(file)));
  BOOST_TEST(listed(certificate_at(file, signature_offset), revocation_list_of(file)));
  BOOST_TEST(!listed(certificate_at(file, encryption_offset), revocation_list_of(file)));
  BOOST_TEST(verified(file, signature_offset) == "certificate revoked");
}

BOOST_AUTO_TEST_CASE(an_expired_card_fails_by_its_date_alone) {
  CardOptions options;
  options.expired = true;
  BOOST_TEST(verified(made(options), signature_offset) == "certificate has expired");
}

BOOST_AUTO_TEST_CASE(cards_of_one_authority_share_root_issuer_and_list) {
  const TemporaryFolder folder;
  CardOptions options;
  options.authority = folder / "authority";
  const auto first = made(options);
  options.revoked = true;
  const auto revoked = made(options);
  options.revoked = false;
  const auto third = made(options);
  BOOST_TEST(root_certificate_of(first) == root_certificate_of(third));
  BOOST_TEST(issuing_certificate_of(first) == issuing_certificate_of(third));
  BOOST_TEST(!listed(certificate_at(revoked, signature_offset), revocation_list_of(first)));
  BOOST_TEST(listed(certificate_at(revoked, signature_offset), revocation_list_of(third)));
  BOOST_TEST(read_text(folder / "authority/moica-g2.crl.pem") == revocation_list_of(third));
  BOOST_TEST(verify(certificate_at(third, signature_offset), root_certificate_of(first), issuing_certificate_of(first),
                    revocation_list_of(third)) == "ok");
}

BOOST_AUTO_TEST_CASE(no_two_cards_of_a_process_or_of_an_authority_have_a_key_in_common) {
  const TemporaryFolder folder;
  CardOptions options;
  std::set<std::string> keys;
  const auto all_new = [&](const CardOptions& with) {
    const auto file = made(with);
    const auto& list = file.at("keys").as_array();
    return std::all_of(list.begin(), list.end(),
                       [&](const auto& key) { return keys.emplace(key.at("private_key").as_string()).second; });
  };
  BOOST_TEST(all_new(options));
  BOOST_TEST(all_new(options));
  options.authority = folder / "authority";
  BOOST_TEST(all_new(options));
  // What another process does that uses the folder later.
  const auto place = read_text(folder / "authority/keys");
  BOOST_TEST(all_new(options));
  BOOST_TEST(read_text(folder / "authority/keys") != place);
  BOOST_TEST(keys.size() == 8U);
}

BOOST_AUTO_TEST_CASE(a_card_with_keys_of_its_own_leaves_the_pool_alone) {
  const TemporaryFolder folder;
  CardOptions options;
  options.authority = folder / "authority";
  static_cast<void>(made(options));
  const auto place = read_text(folder / "authority/keys");
  options.fresh_keys = true;
  const auto file = made(options);
  BOOST_TEST(verified(file, signature_offset) == "ok");
  BOOST_TEST(read_text(folder / "authority/keys") == place);
  options.authority = folder / "own";
  static_cast<void>(made(options));
  BOOST_TEST(!std::filesystem::exists(folder / "own/keys"));
}

BOOST_AUTO_TEST_CASE(a_damaged_authority_is_an_error_and_not_a_new_one) {
  const TemporaryFolder folder;
  CardOptions options;
  options.authority = folder / "";
  static_cast<void>(made(options));
  write_text(folder / "root.pem", "nothing");
  BOOST_CHECK_THROW(static_cast<void>(made(options)), Error);
}

BOOST_AUTO_TEST_CASE(damage_is_where_it_was_wished_for) {
  const auto same = [](const boost::json::object& one, const boost::json::object& other, const char* path) {
    return one.at("files").at(path) == other.at("files").at(path);
  };
  CardOptions options;
  options.damage = Damage::SignatureCertificate;
  const auto certificate = made(options);
  const auto der = certificate_at(certificate, signature_offset);
  BOOST_TEST(to_hex(ByteView(der).first(2)) == "3082");
  BOOST_TEST(der[6] == 0x7F); // length of the signed part
  BOOST_TEST(verified(certificate, encryption_offset) == "ok");
  options.damage = Damage::CertificateDirectory;
  const auto directory = made(options);
  BOOST_TEST(verified(directory, signature_offset) == "ok");
  BOOST_TEST(!same(directory, citizen_file(), "3F00/5030/4104"));
  BOOST_TEST(directory.at("files").at("3F00/5030/4104").as_string().starts_with("30347F") == false);
}

BOOST_AUTO_TEST_CASE(a_card_goes_into_a_reader_without_being_written_to_a_file) {
  CardOptions options;
  options.authority_generation = 2;
  for (const auto* kind : {"nhi", "hicos", "gpki"})
    BOOST_CHECK_NO_THROW(static_cast<void>(card_from_json(personalise(kind, somebody(), options))));
}

BOOST_AUTO_TEST_CASE(generation_2_has_the_same_certificates_under_a_ca_with_a_key_of_4096_bits) {
  const auto file = personalise("gpki", somebody());
  BOOST_TEST(verified(file, signature_offset) == "ok");
  BOOST_TEST(verified(file, encryption_offset) == "ok");
  BOOST_TEST(modulus_of(certificate_at(file, 0x0700)).size() == 512U);
  BOOST_TEST(modulus_of(certificate_at(citizen_file(), 0x0700)).size() == 256U);
  BOOST_TEST(subject_of(certificate_at(file, signature_offset)) ==
             subject_of(certificate_at(citizen_file(), signature_offset)));
  BOOST_TEST(extension_of(certificate_at(file, signature_offset), "2.5.29.9") ==
             extension_of(certificate_at(citizen_file(), signature_offset), "2.5.29.9"));
}

// SEQUENCE { { .2.1, { .3.2.2.1.1 } }, { .2.2, { PrintableString "primary" } }, { .2.101, { PrintableString } } }
BOOST_AUTO_TEST_CASE(a_companys_certificate_has_its_tax_number) {
  CardOptions options;
  options.generation = 1;
  const auto file = personalise("company", a_company(), options);
  BOOST_TEST(file.at("kind").as_string() == "hicos");
  BOOST_TEST(verified(file, signature_offset) == "ok");
  const auto certificate = certificate_at(file, signature_offset);
  BOOST_TEST(subject_of(certificate) == "serialNumber=12345675,O=測試股份有限公司,C=TW");
  BOOST_TEST(issuer_of(certificate) == "OU=工商憑證管理中心,O=行政院,C=TW");
  BOOST_TEST(extension_of(certificate, "2.5.29.9") ==
             "30463017060760867601640201310C060A608676016403020201013014060760867601640202310913077072696D6172793015060"
             "760867601640265310A13083132333435363735");
}

BOOST_AUTO_TEST_CASE(an_organisations_certificate_has_its_oid) {
  CardOptions options;
  options.authority_generation = 2;
  const auto file = personalise("organisation", an_organisation(), options);
  BOOST_TEST(file.at("kind").as_string() == "gpki");
  BOOST_TEST(verified(file, signature_offset) == "ok");
  const auto certificate = certificate_at(file, signature_offset);
  BOOST_TEST(subject_of(certificate).ends_with(",O=測試機關,C=TW"));
  BOOST_TEST(issuer_of(certificate) == "OU=政府憑證管理中心,O=行政院,C=TW");
  // SEQUENCE { { .2.1, { .3.2.1.1 } }, { .2.102, { 2.16.886.101.90000 } } }
  BOOST_TEST(extension_of(certificate, "2.5.29.9") ==
             "302E3016060760867601640201310B06096086760164030201013014060760867601640266310906076086766585BF10");
}

BOOST_AUTO_TEST_CASE(issuing_authorities_in_one_folder_have_one_root) {
  const TemporaryFolder folder;
  CardOptions options;
  options.authority = folder / "authority";
  options.authority_generation = 2;
  const auto citizen = personalise("gpki", somebody(), options);
  const auto company = personalise("company", a_company(), options);
  BOOST_TEST(root_certificate_of(citizen) == root_certificate_of(company));
  BOOST_TEST(issuing_certificate_of(citizen) != issuing_certificate_of(company));
  BOOST_TEST(verified(company, signature_offset) == "ok");
  BOOST_TEST(!signed_by(revocation_list_of(company), issuing_certificate_of(citizen)));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  auto person = somebody();
  BOOST_TEST(fault("bank", person) == "kind");
  person.name = "";
  BOOST_TEST(fault("nhi", person) == "name");
  person = somebody();
  person.id_number = "a123456789";
  BOOST_TEST(fault("nhi", person) == "id_number");
  person = somebody();
  person.pin = "12345";
  BOOST_TEST(fault("hicos", person) == "pin");
  auto company = a_company();
  company.tax_number = "1234567";
  BOOST_TEST(fault("company", company) == "tax_number");
  BOOST_TEST(fault("organisation", company) == "organisation");
  CardOptions options;
  options.generation = 3;
  BOOST_TEST(fault("company", a_company(), options) == "generation");
  options = {};
  options.authority_generation = 1;
  BOOST_TEST(fault("gpki", somebody(), options) == "authority_generation");
  options = {};
  options.max_read = 8;
  BOOST_TEST(fault("hicos", somebody(), options) == "max_read");
  options = {};
  options.signature_key = 2;
  BOOST_TEST(fault("hicos", somebody(), options) == "signature_key, encryption_key");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
