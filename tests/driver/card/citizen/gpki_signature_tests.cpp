// Logins, signatures and decryption with a simulated card of generation 2, checked by OpenSSL against its certificates.
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/driver/card/certificate/encryption.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::encrypted_for;
using testing::has_code;
using testing::right_pin;
using testing::SimulatedGpki;
using testing::wrong_pin;

namespace {

constexpr std::uint8_t signature_key = 0x01;
constexpr std::uint8_t encryption_key = 0x05;
constexpr std::uint64_t first_operation =
    14; // four commands for the card's ID, one to learn about SELECT, then as ever
constexpr std::uint64_t operation = 9;

const Bytes hash(32, 0x5A);

Bytes block_to_sign() {
  return signature_block(HashFunction::Sha256, hash, 256);
}

Bytes certificate(SimulatedGpki& reader, std::string_view id) {
  for (const auto& certificate : reader.certificates())
    if (certificate.id == id) return certificate.der;
  throw std::logic_error("no such certificate");
}

SecureBytes sign(SimulatedGpki& reader, const char* digits = right_pin) {
  return reader.private_operation(digits, signature_key, block_to_sign());
}

// Private operations without a login, as another program would try them after us: in plain, and under secure messaging.
std::vector<unsigned> foreign_attempts(SimulatedGpki& reader) {
  const auto channel = reader.readers.open("reader");
  reader::Transaction transaction(*channel);
  std::vector<unsigned> answers;
  for (const auto cla : {std::uint8_t{0x80}, std::uint8_t{0x84}}) {
    const apdu::CommandApdu command{cla, 0xEA, 0x82, signature_key, ScrubbedBytes(128), std::nullopt};
    answers.push_back(transaction.transmit(command).status.value());
  }
  return answers;
}

// After a reset nothing is selected that knows the command.
const std::vector<unsigned> no_applet{0x6D00, 0x6D00};

} // namespace

BOOST_AUTO_TEST_SUITE(gpki_signature)

BOOST_AUTO_TEST_CASE(certificates_have_their_keys_and_names) {
  SimulatedGpki reader;
  std::vector<std::string> found;
  for (const auto& each : reader.certificates())
    found.push_back(each.id + " " + each.label + " " + (each.key_reference ? to_hex(Bytes{*each.key_reference}) : ""));
  const std::vector<std::string> expected{"ROOTCACert ROOTCACert ", "CACert CACert ", "KEYX cert2 05", "SIGN cert1 01"};
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_signature_verifies_by_the_cards_certificate) {
  SimulatedGpki reader;
  const auto der = certificate(reader, "SIGN");
  const auto signature = sign(reader);
  BOOST_TEST(verifies(der, HashFunction::Sha256, hash, signature.view()));
  BOOST_TEST(!verifies(certificate(reader, "KEYX"), HashFunction::Sha256, hash, signature.view()));
}

BOOST_AUTO_TEST_CASE(a_signature_takes_nine_commands_and_the_first_one_five_more) {
  SimulatedGpki reader;
  static_cast<void>(sign(reader));
  BOOST_TEST(reader.card->counters().apdus == first_operation);
  reader.card->reset_counters();
  static_cast<void>(sign(reader));
  BOOST_TEST(reader.card->counters().apdus == operation);
  BOOST_TEST(reader.card->counters().verifies == 1U);
}

// A card takes SELECT inside a session without Le, or only with one. It is asked once per insertion, and never after a
// PIN: so a card that wants an Le sees one refused command and another session before the first VERIFY.
BOOST_AUTO_TEST_CASE(the_form_of_select_is_learnt_before_the_first_pin) {
  struct Expected {
    const char* habit;
    std::uint64_t first;
  };
  for (const auto& [habit, first] : {Expected{"select-without-le", 14}, Expected{"select-with-le", 18}}) {
    auto file = testing::good_gpki_file();
    file["habits"] = boost::json::array{habit};
    SimulatedGpki reader(file);
    const auto der = certificate(reader, "SIGN");
    for (const auto expected : {first, operation, operation}) {
      reader.card->reset_counters();
      BOOST_TEST(verifies(der, HashFunction::Sha256, hash, sign(reader).view()));
      const auto counters = reader.card->counters();
      BOOST_TEST(counters.apdus == expected, habit);
      BOOST_TEST(counters.verifies == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_takes_no_form_of_select_sees_no_pin) {
  SimulatedGpki reader;
  reader.readers.play("reader", simulator::faults_from_json(boost::json::parse(R"({"faults": [
    {"fault": "status", "status": "6700", "instruction": "A4", "at": 4},
    {"fault": "status", "status": "6700", "instruction": "A4", "at": 6}]})")
                                                                .as_object()));
  BOOST_CHECK_EXCEPTION(static_cast<void>(sign(reader)), Error, has_code(Errc::CardRefused));
  BOOST_TEST(reader.card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_message_is_decrypted) {
  SimulatedGpki reader;
  const auto cipher = encrypted_for(certificate(reader, "KEYX"), "a secret");
  const auto block = reader.private_operation(right_pin, encryption_key, cipher);
  BOOST_TEST(as_text(remove_encryption_padding(block.view()).view()) == "a secret");
}

BOOST_AUTO_TEST_CASE(a_pin_is_verified_without_an_operation) {
  SimulatedGpki reader;
  const auto verify = [&reader](const char* digits) {
    reader::Transaction transaction(*reader.channel);
    reader.driver.verify_pin(transaction, testing::pin(digits));
  };
  verify(right_pin);
  BOOST_CHECK_EXCEPTION(verify(wrong_pin), Error, has_code(Errc::PinIncorrect));
  BOOST_TEST(reader.card->counters().verifies == 2U);
  BOOST_CHECK(foreign_attempts(reader) == no_applet);
}

BOOST_AUTO_TEST_CASE(a_verified_pin_is_good_for_one_operation) {
  SimulatedGpki reader;
  static_cast<void>(sign(reader));
  reader.card->reset_counters();
  reader::Transaction transaction(*reader.channel);
  reader.driver.verify_pin(transaction, testing::pin(right_pin));
  BOOST_TEST(reader.card->counters().apdus == 4U);
  for (const auto expected : {operation, 2 * operation}) {
    static_cast<void>(
        reader.driver.private_operation(transaction, testing::pin(right_pin), signature_key, block_to_sign()));
    BOOST_TEST(reader.card->counters().apdus == expected);
  }
  BOOST_TEST(reader.card->counters().verifies == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_read_in_between_needs_a_new_login) {
  SimulatedGpki reader;
  reader::Transaction transaction(*reader.channel);
  reader.driver.verify_pin(transaction, testing::pin(right_pin));
  static_cast<void>(reader.driver.random(transaction));
  static_cast<void>(
      reader.driver.private_operation(transaction, testing::pin(right_pin), signature_key, block_to_sign()));
  BOOST_TEST(reader.card->counters().verifies == 2U);
}

BOOST_AUTO_TEST_CASE(nobody_inherits_the_login) {
  SimulatedGpki reader;
  static_cast<void>(sign(reader));
  BOOST_CHECK(foreign_attempts(reader) == no_applet);
  static_cast<void>(sign(reader));
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_one_try_and_the_right_one_gives_them_back) {
  SimulatedGpki reader;
  const auto wrong = [&reader](int left) {
    try {
      static_cast<void>(sign(reader, wrong_pin));
      BOOST_ERROR("a wrong PIN was taken");
    } catch (const Error& error) {
      BOOST_CHECK(error.code() == Errc::PinIncorrect);
      BOOST_CHECK(error.tries_left() == left);
    }
  };
  wrong(2);
  BOOST_TEST(reader.card->counters().failed_verifies == 1U);
  wrong(1);
  static_cast<void>(sign(reader));
  wrong(2);
}

BOOST_AUTO_TEST_CASE(after_the_last_try_the_card_is_locked) {
  SimulatedGpki reader;
  for (int i = 0; i < 2; ++i)
    BOOST_CHECK_EXCEPTION(static_cast<void>(sign(reader, wrong_pin)), Error, has_code(Errc::PinIncorrect));
  for (const auto* digits : {wrong_pin, right_pin})
    BOOST_CHECK_EXCEPTION(static_cast<void>(sign(reader, digits)), Error, has_code(Errc::PinBlocked));
  BOOST_TEST(reader.card->counters().failed_verifies == 3U);
}

BOOST_AUTO_TEST_CASE(another_master_key_is_found_out_before_a_pin_is_sent) {
  auto profile = testing::test_profiles().gpki.at(0);
  profile.master_key = Bytes(16, 0x11);
  SimulatedGpki reader(testing::good_gpki_file(), profile);
  BOOST_CHECK_EXCEPTION(static_cast<void>(sign(reader)), Error, has_code(Errc::ProfileMissing));
  BOOST_TEST(reader.card->counters().verifies == 0U);
  BOOST_TEST(!reader.card->counters().by_instruction.contains(0x82));
}

BOOST_AUTO_TEST_CASE(the_keys_of_single_cards_do_as_well_as_a_master_key) {
  const auto& file = testing::good_gpki_file();
  const auto octets = [&file](const char* member) { return *from_hex(file.at(member).as_string().c_str()); };
  GpkiProfile profile;
  profile.name = "single cards";
  profile.cards = {{octets("card_id"), octets("channel_encryption_key"), octets("channel_mac_key")}};
  SimulatedGpki reader(file, profile);
  const auto signature = sign(reader);
  BOOST_TEST(verifies(certificate(reader, "SIGN"), HashFunction::Sha256, hash, signature.view()));
}

BOOST_AUTO_TEST_CASE(a_key_that_the_card_does_not_have_is_refused) {
  SimulatedGpki reader;
  static_cast<void>(reader.certificates());
  reader.card->reset_counters();
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, 0x42, block_to_sign())), Error,
                        has_code(Errc::BadRequest));
  BOOST_TEST(reader.card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_out_in_the_middle_is_a_removal_and_leaves_no_login) {
  for (std::uint64_t after = 0; after < first_operation; ++after) {
    SimulatedGpki reader;
    reader.readers.play("reader", simulator::removal_after(after));
    BOOST_CHECK_EXCEPTION(static_cast<void>(sign(reader)), Error, has_code(Errc::CardRemoved));
    reader.readers.insert("reader", reader.card);
    BOOST_CHECK(foreign_attempts(reader) == no_applet);
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_another_program_left_elsewhere_is_found_again) {
  SimulatedGpki reader;
  static_cast<void>(reader.certificates());
  {
    const auto channel = reader.readers.open("reader");
    reader::Transaction other(*channel);
    static_cast<void>(
        other.transmit(apdu::CommandApdu::decode(*from_hex("00A4040007A000000151000000")))); // the issuer's domain
  }
  BOOST_TEST(reader.certificates().size() == 4U);
  static_cast<void>(sign(reader));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
