#include "driver/card/citizen/hicos_certificates.hpp"

#include "driver/card/certificate/fingerprint.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::SimulatedHicos;

namespace {

std::vector<std::string> ids_of(const std::vector<CardCertificate>& certificates) {
  std::vector<std::string> ids;
  for (const auto& certificate : certificates) ids.push_back(certificate.id);
  return ids;
}

const CardCertificate& by_id(const std::vector<CardCertificate>& certificates, std::string_view id) {
  for (const auto& certificate : certificates)
    if (certificate.id == id) return certificate;
  throw std::logic_error("no such certificate");
}

Bytes file_of(const boost::json::object& card, const char* path) {
  const auto& text = card.at("files").at(path).as_string();
  return *from_hex({text.data(), text.size()});
}

void set_file(boost::json::object& card, const char* path, const Bytes& content) {
  card["files"].as_object()[path] = to_hex(content);
}

constexpr const char* directory = "3F00/5030/4104";
constexpr const char* certificate_file = "3F00/5030/08F2";
const std::vector<std::string> all_ids{"ROOTCACert", "CACert", "KEYX", "SIGN"};

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_certificates)

BOOST_AUTO_TEST_CASE(certificates_are_known_again_by_their_directory_and_their_ends) {
  SimulatedHicos reader;
  static_cast<void>(reader.certificates());
  const auto known = reader.driver.certificate_directory();
  const auto fingerprint = CertificateFingerprint::from_octets(known).value();
  const auto on_card = file_of(testing::good_hicos_file(), directory);
  const auto& octets = fingerprint.directory;
  BOOST_REQUIRE(octets.size() > 100 && octets.size() < on_card.size());
  BOOST_TEST(std::ranges::equal(octets, ByteView(on_card).first(octets.size())));
  BOOST_TEST(octets.back() == 0xFF); // padding: no entry follows
  BOOST_TEST(fingerprint.ends.size() == 4U);

  reader::Transaction transaction(*reader.channel);
  BOOST_TEST(reader.driver.has_certificate_directory(transaction, known));
  BOOST_TEST(!reader.driver.has_certificate_directory(transaction, {}));
  for (std::size_t at = 0; at < known.size(); at += 7) {
    auto other = known;
    other[at] ^= 1;
    BOOST_TEST(!reader.driver.has_certificate_directory(transaction, other), at);
  }
  auto longer_than_the_file = fingerprint;
  longer_than_the_file.directory.resize(on_card.size() + 1, 0xFF);
  BOOST_TEST(!reader.driver.has_certificate_directory(transaction, longer_than_the_file.to_octets()));
  auto beyond_the_file = fingerprint;
  beyond_the_file.ends[0].place = 0xFFFF;
  BOOST_TEST(!reader.driver.has_certificate_directory(transaction, beyond_the_file.to_octets()));
  auto directory_alone = fingerprint;
  directory_alone.ends.clear();
  BOOST_TEST(!reader.driver.has_certificate_directory(transaction, directory_alone.to_octets()));
}

BOOST_AUTO_TEST_CASE(whatever_changes_in_a_certificate_changes_its_end) {
  SimulatedHicos reader;
  static_cast<void>(reader.certificates());
  const auto known = reader.driver.certificate_directory();
  // Others of the same lengths in the same places, and the same directory.
  auto renewed = testing::good_hicos_file();
  auto another = testing::hicos_file();
  set_file(another, directory, file_of(renewed, directory));
  for (const std::size_t offset : {0x0000U, 0x0700U, 0x0E00U, 0x1500U}) {
    auto mixed = file_of(renewed, certificate_file);
    const auto others = file_of(another, certificate_file);
    std::copy_n(others.begin() + static_cast<std::ptrdiff_t>(offset), 0x0700,
                mixed.begin() + static_cast<std::ptrdiff_t>(offset));
    auto file = renewed;
    set_file(file, certificate_file, mixed);
    SimulatedHicos changed(file);
    reader::Transaction transaction(*changed.channel);
    BOOST_TEST(!changed.driver.has_certificate_directory(transaction, known), offset);
  }
}

BOOST_AUTO_TEST_CASE(knowing_them_again_costs_at_most_300_octets_more_than_the_directory) {
  SimulatedHicos reader;
  static_cast<void>(reader.certificates());
  const auto known = reader.driver.certificate_directory();
  const auto fingerprint = CertificateFingerprint::from_octets(known).value();
  reader::Transaction transaction(*reader.channel);
  const auto cost = [&reader] {
    const auto counters = reader.card->counters();
    return counters.octets_in + counters.octets_out + counters.apdus * 8; // frames of T=1
  };
  reader.card->reset_counters();
  HicosFiles files(transaction);
  files.select_path({0x5030, 0x4104});
  static_cast<void>(files.read(0, fingerprint.directory.size()));
  const auto before = cost();
  reader.card->reset_counters();
  BOOST_TEST(reader.driver.has_certificate_directory(transaction, known));
  BOOST_TEST(cost() <= before + 300, cost() << " and " << before);
}

BOOST_AUTO_TEST_CASE(without_a_usable_directory_there_is_nothing_to_know_the_certificates_by) {
  auto missing = testing::good_hicos_file();
  missing["files"].as_object().erase(directory);
  auto damaged = testing::good_hicos_file();
  auto octets = file_of(damaged, directory);
  octets[1] = 0x85;
  set_file(damaged, directory, octets);
  for (const auto& file : {missing, damaged}) {
    SimulatedHicos reader(file);
    static_cast<void>(reader.certificates());
    BOOST_TEST(reader.driver.certificate_directory().empty());
    reader::Transaction transaction(*reader.channel);
    BOOST_TEST(!reader.driver.has_certificate_directory(transaction, Bytes(10)));
  }
}

BOOST_AUTO_TEST_CASE(every_certificate_comes_with_its_role_label_and_key) {
  SimulatedHicos reader;
  const auto certificates = reader.certificates();
  BOOST_TEST(ids_of(certificates) == all_ids, boost::test_tools::per_element());
  const auto& signature = by_id(certificates, "SIGN");
  BOOST_CHECK(signature.role == CertificateRole::Signature);
  BOOST_TEST(signature.label == "cert1");
  BOOST_CHECK(signature.key_reference == 0x01);
  const auto& encryption = by_id(certificates, "KEYX");
  BOOST_CHECK(encryption.role == CertificateRole::Encryption);
  BOOST_TEST(encryption.label == "cert2");
  BOOST_CHECK(encryption.key_reference == 0x05);
  BOOST_CHECK(by_id(certificates, "CACert").role == CertificateRole::IssuingCa);
  BOOST_CHECK(!by_id(certificates, "CACert").key_reference.has_value());
  BOOST_CHECK(by_id(certificates, "ROOTCACert").role == CertificateRole::RootCa);
}

BOOST_AUTO_TEST_CASE(certificates_are_the_octets_of_the_file) {
  SimulatedHicos reader;
  const auto file = file_of(testing::good_hicos_file(), certificate_file);
  const auto certificates = reader.certificates();
  const std::size_t offsets[] = {0x0000, 0x0700, 0x0E00, 0x1500};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& der = certificates.at(i).der;
    BOOST_CHECK(std::equal(der.begin(), der.end(), file.begin() + static_cast<std::ptrdiff_t>(offsets[i])));
  }
}

BOOST_AUTO_TEST_CASE(no_octet_of_a_certificate_is_read_twice_or_in_vain) {
  SimulatedHicos reader;
  const auto certificates = reader.certificates();
  std::uint64_t reads = 0;
  for (const auto& certificate : certificates) reads += (certificate.der.size() + 199) / 200;
  const auto content = file_of(testing::good_hicos_file(), directory);
  const auto directory_octets = static_cast<std::size_t>(content[510] | content[511] << 8);
  reads += directory_octets / 200 + 1;
  const auto counters = reader.card->counters();
  BOOST_TEST(counters.by_instruction.at(0xB0) == reads);
  BOOST_TEST(counters.by_instruction.at(0xB2) == 2U); // one record a key
  BOOST_TEST(counters.by_instruction.at(0xA4) == 5U); // 3F00 5030 4104 08F2 0810
  BOOST_TEST(counters.apdus == reads + 2 + 5);
}

BOOST_AUTO_TEST_CASE(a_card_that_gives_16_octets_at_a_time_can_be_read) {
  auto file = testing::good_hicos_file();
  file["max_read"] = 16;
  SimulatedHicos reader(file);
  BOOST_TEST(ids_of(reader.certificates()) == all_ids, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_usable_directory_the_usual_places_are_read) {
  auto damaged = testing::good_hicos_file();
  auto content = file_of(damaged, directory);
  content[3] = 0x7F;
  set_file(damaged, directory, content);
  auto missing = testing::good_hicos_file();
  missing["files"].as_object().erase(directory);
  auto empty = testing::good_hicos_file();
  set_file(empty, directory, Bytes(512, 0xFF));
  for (const auto& file : {damaged, missing, empty}) {
    SimulatedHicos reader(file);
    const auto certificates = reader.certificates();
    BOOST_TEST(ids_of(certificates) == all_ids, boost::test_tools::per_element());
    BOOST_CHECK(by_id(certificates, "SIGN").key_reference == 0x01);
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_points_nowhere_counts_as_missing) {
  auto file = testing::good_hicos_file();
  auto content = file_of(file, directory);
  const auto path = *from_hex("3F00503008F2");
  // Every entry's index becomes an offset that no certificate begins at.
  for (auto at = content.begin();;) {
    at = std::search(at, content.end(), path.begin(), path.end());
    if (at == content.end()) break;
    at += static_cast<std::ptrdiff_t>(path.size()) + 1;
    const auto length = *at++;
    for (int i = 0; i < length; ++i) *at++ = 0x01;
  }
  set_file(file, directory, content);
  SimulatedHicos reader(file);
  BOOST_TEST(ids_of(reader.certificates()) == all_ids, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_damaged_certificate_is_left_out) {
  auto file = testing::good_hicos_file();
  auto content = file_of(file, certificate_file);
  content[0x1500 + 6] = 0x7F;
  content[0x0700 + 1] = 0x80;
  content[0x0000 + 2] = 0xFF;
  set_file(file, certificate_file, content);
  SimulatedHicos reader(file);
  BOOST_TEST(ids_of(reader.certificates()) == std::vector<std::string>{"KEYX"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_card_without_any_certificate_is_an_error) {
  auto file = testing::good_hicos_file();
  set_file(file, certificate_file, Bytes(0x1C00, 0xFF));
  SimulatedHicos reader(file);
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.certificates()), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_the_file_cuts_off_is_left_out) {
  auto file = testing::good_hicos_file();
  auto content = file_of(file, certificate_file);
  content.resize(0x1500 + 300);
  set_file(file, certificate_file, content);
  SimulatedHicos reader(file);
  const std::vector<std::string> rest{"ROOTCACert", "CACert", "KEYX"};
  BOOST_TEST(ids_of(reader.certificates()) == rest, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_with_unusual_references_are_found_through_the_key_directory) {
  simulator::CardOptions options;
  options.signature_key = 0x21;
  options.encryption_key = 0x31;
  SimulatedHicos reader(testing::hicos_file(options));
  const auto certificates = reader.certificates();
  BOOST_CHECK(by_id(certificates, "SIGN").key_reference == 0x21);
  BOOST_CHECK(by_id(certificates, "KEYX").key_reference == 0x31);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_out_anywhere_is_a_removal_and_nothing_else) {
  SimulatedHicos whole;
  static_cast<void>(whole.certificates());
  const auto commands = whole.card->counters().apdus;
  for (std::uint64_t after = 0; after < commands; ++after) {
    SimulatedHicos reader;
    reader.readers.play("reader", simulator::removal_after(after));
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.certificates()), Error, has_code(Errc::CardRemoved));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
