// Each habit as the card shows it; docs/simulator.md, "Habits".
#include "simulator/issuing/habits.hpp"

#include "simulator/crypto/crypto.hpp"
#include "tests/simulator/cards.hpp"
#include "tests/simulator/issuing/x509.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

boost::json::object made(Habits habits, const char* kind = "hicos") {
  CardOptions options;
  options.authority_generation = 2;
  options.habits = std::move(habits);
  return personalise(kind, somebody(), options);
}

std::string file_of(const boost::json::object& card, const char* path) {
  return std::string(card.at("files").at(path).as_string());
}

bool has(const std::string& hex, std::string_view text) {
  return hex.find(to_hex(as_bytes(text))) != std::string::npos;
}

constexpr const char* number = "3F00/0900/0903";
constexpr const char* version = "3F00/0900/0905";
constexpr const char* private_keys = "3F00/5030/4100";
constexpr const char* directory = "3F00/5030/4104";
constexpr std::size_t usual_place = 0x1500;
constexpr std::size_t first_place_after = 0x1C00;

} // namespace

BOOST_AUTO_TEST_SUITE(habits)

BOOST_AUTO_TEST_CASE(they_are_kept_in_the_card_file) {
  const auto card = made({Habit::LongVersion, Habit::LettersInNumber});
  BOOST_TEST(card.at("habits") == (boost::json::array{"letters-in-number", "long-version"}));
  BOOST_TEST(citizen_file().at("habits").as_array().empty());
  auto other = card;
  other.erase("habits"); // as in files that are older than habits
  BOOST_CHECK_NO_THROW(static_cast<void>(card_from_json(other)));
  other["habits"] = boost::json::array{"no such habit"};
  BOOST_CHECK_THROW(static_cast<void>(card_from_json(other)), Error);
}

BOOST_AUTO_TEST_CASE(a_kind_has_its_own_and_contradictions_are_refused) {
  BOOST_CHECK_THROW(static_cast<void>(made({Habit::SelectWithLe})), Error);
  BOOST_CHECK_THROW(static_cast<void>(made({Habit::ColonInLabel}, "gpki")), Error);
  BOOST_CHECK_THROW(static_cast<void>(made({Habit::LongVersion}, "pkcs15")), Error);
  BOOST_CHECK_THROW(static_cast<void>(made({Habit::SelectWithLe, Habit::SelectWithoutLe}, "gpki")), Error);
}

BOOST_AUTO_TEST_CASE(all_that_go_together_make_one_card) {
  for (const std::string_view kind : {"hicos", "gpki", "pkcs15"}) {
    Habits together;
    for (const auto& row : all_habits())
      if (row.together && can_have(row, kind)) together.insert(row.habit);
    const auto card = made(together, std::string(kind).c_str());
    BOOST_CHECK_NO_THROW(static_cast<void>(card_from_json(card)));
    BOOST_TEST(card.at("habits").as_array().size() == together.size());
  }
}

BOOST_AUTO_TEST_CASE(the_number_has_letters) {
  const auto octets = *from_hex(file_of(made({Habit::LettersInNumber}), number));
  BOOST_TEST(octets.size() == 16U);
  const auto text = as_text(octets);
  BOOST_TEST(text.substr(0, 2) == "TP");
  BOOST_TEST(text.find_first_not_of("0123456789", 2) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_version_is_long) {
  const auto octets = *from_hex(file_of(made({Habit::LongVersion}), version));
  BOOST_TEST(octets.size() == 24U);
  BOOST_TEST(as_text(octets).starts_with("CHT V32N"));
}

BOOST_AUTO_TEST_CASE(key_entries_have_no_access_flags) {
  constexpr const char* flags_and_reference = "030204B0020101"; // BIT STRING { 0, 2, 3 }, INTEGER 1
  BOOST_TEST(file_of(citizen_file(), private_keys).find(flags_and_reference) != std::string::npos);
  const auto keys = file_of(made({Habit::NoAccessFlags}), private_keys);
  BOOST_TEST(keys.find("030204B0") == std::string::npos);
  BOOST_TEST(keys.find("03020520020101") != std::string::npos); // usage, reference
}

BOOST_AUTO_TEST_CASE(labels_have_spaces_and_identifiers_have_none) {
  const auto entries = file_of(made({Habit::SpacedLabels}), directory);
  for (const auto* text : {"ROOT CA Cert", "CA Cert", "ROOTCACert", "CACert"}) BOOST_TEST(has(entries, text), text);
}

BOOST_AUTO_TEST_CASE(there_is_a_third_key_with_its_certificate) {
  const auto card = made({Habit::ThreeCertificates});
  const auto& keys = card.at("keys").as_array();
  BOOST_TEST_REQUIRE(keys.size() == 3U);
  BOOST_TEST(keys[2].at("reference").to_number<int>() == 0x11);
  const auto third = RsaKey::from_pem(std::string(keys[2].at("private_key").as_string()));
  const auto certificate = certificate_at(card, first_place_after);
  BOOST_TEST(modulus_of(certificate) == third.modulus(), boost::test_tools::per_element());
  BOOST_TEST(extension_of(certificate, "2.5.29.15") == "030206C0"); // digitalSignature, nonRepudiation
  BOOST_TEST(has(file_of(card, directory), "SIGN02"));
  BOOST_TEST(has(file_of(card, private_keys), "SIGN02"));
}

BOOST_AUTO_TEST_CASE(an_ended_certificate_of_the_same_key_comes_first) {
  const auto card = made({Habit::EndedCertificateFirst});
  const auto verdict = [&card](std::size_t offset) {
    return verify(certificate_at(card, offset), root_certificate_of(card), issuing_certificate_of(card),
                  revocation_list_of(card));
  };
  BOOST_TEST(verdict(usual_place) == "certificate has expired");
  BOOST_TEST(verdict(first_place_after) == "ok");
  BOOST_TEST(modulus_of(certificate_at(card, usual_place)) == modulus_of(certificate_at(card, first_place_after)),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(remains_lie_after_what_was_renewed) {
  const auto card = made({Habit::RenewedInPlace});
  const auto size = certificate_at(card, usual_place).size();
  const auto file = *from_hex(file_of(card, "3F00/5030/08F2"));
  BOOST_TEST(file[usual_place + size] != 0xFF);
  // The directory's length, [0] INTEGER, is that of the longer one.
  const auto length = size + 30;
  const Bytes entry{0x80, 0x02, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length & 0xFF)};
  BOOST_TEST(file_of(card, directory).find(to_hex(entry)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_ca_of_the_same_name_stands_before_the_issuer) {
  const auto card = made({Habit::TwoIssuers});
  const auto first = certificate_at(card, 0x0700);
  const auto second = certificate_at(card, first_place_after);
  BOOST_TEST(subject_of(first) == subject_of(second));
  BOOST_TEST((modulus_of(first) != modulus_of(second)));
  constexpr const char* key_identifier = "2.5.29.14";
  const auto issuer = extension_of(certificate_at(card, usual_place), "2.5.29.35"); // authority key identifier
  // KeyIdentifier is an OCTET STRING there, and [0] here.
  BOOST_TEST(issuer.find(extension_of(second, key_identifier).substr(4)) != std::string::npos);
  BOOST_TEST(issuer.find(extension_of(first, key_identifier).substr(4)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_serial_number_is_zero) {
  const auto certificate = certificate_at(made({Habit::SerialZero}), usual_place);
  // TBSCertificate { version [0] 2, serialNumber 0, …
  BOOST_TEST(to_hex(ByteView(certificate).subspan(8, 8)) == "A003020102020100");
}

BOOST_AUTO_TEST_CASE(the_signature_certificate_is_for_non_repudiation_alone) {
  const auto card = made({Habit::NonRepudiation});
  BOOST_TEST(extension_of(certificate_at(card, usual_place), "2.5.29.15") == "03020640");
}

BOOST_AUTO_TEST_CASE(the_label_has_a_colon) {
  BOOST_TEST(has(file_of(made({Habit::ColonInLabel}, "pkcs15"), "3F00/5015/5032"), "CA: simulated"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
