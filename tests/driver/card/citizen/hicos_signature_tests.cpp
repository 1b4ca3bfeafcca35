// Logins, signatures and decryption with a simulated card, checked by OpenSSL against the card's certificates.
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/driver/card/certificate/encryption.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::encrypted_for;
using testing::has_code;
using testing::right_pin;
using testing::SimulatedHicos;
using testing::wrong_pin;

namespace {

constexpr std::uint8_t signature_key = 0x01;
constexpr std::uint8_t encryption_key = 0x05;

const Bytes hash(32, 0x5A);

Bytes block_to_sign() {
  return signature_block(HashFunction::Sha256, hash, 256);
}

Bytes certificate(SimulatedHicos& reader, std::string_view id) {
  for (const auto& certificate : reader.certificates())
    if (certificate.id == id) return certificate.der;
  throw std::logic_error("no such certificate");
}

// A private operation without a login, as another program would try it after us.
apdu::StatusWord foreign_attempt(SimulatedHicos& reader) {
  const auto channel = reader.readers.open("reader");
  reader::Transaction transaction(*channel);
  const apdu::CommandApdu command{0x80, 0xEA, 0x82, signature_key, ScrubbedBytes(128), std::nullopt};
  return transaction.transmit(command).status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_signature)

BOOST_AUTO_TEST_CASE(a_signature_verifies_by_the_cards_certificate) {
  SimulatedHicos reader;
  const auto der = certificate(reader, "SIGN");
  const auto signature = reader.private_operation(right_pin, signature_key, block_to_sign());
  BOOST_TEST(verifies(der, HashFunction::Sha256, hash, signature.view()));
  BOOST_TEST(!verifies(certificate(reader, "KEYX"), HashFunction::Sha256, hash, signature.view()));
}

BOOST_AUTO_TEST_CASE(a_cold_signature_takes_seven_commands) {
  SimulatedHicos reader;
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
  BOOST_TEST(reader.card->counters().apdus == 7U);
}

BOOST_AUTO_TEST_CASE(a_message_is_decrypted) {
  SimulatedHicos reader;
  const auto cipher = encrypted_for(certificate(reader, "KEYX"), "a secret");
  const auto block = reader.private_operation(right_pin, encryption_key, cipher);
  BOOST_TEST(as_text(remove_encryption_padding(block.view()).view()) == "a secret");
}

BOOST_AUTO_TEST_CASE(nobody_inherits_the_login) {
  SimulatedHicos reader;
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
  BOOST_TEST(foreign_attempt(reader).value() == 0x6982);
  // The same driver goes on without a new connection.
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_one_try_and_the_right_one_gives_them_back) {
  SimulatedHicos reader;
  const auto wrong = [&reader](int left) {
    try {
      static_cast<void>(reader.private_operation(wrong_pin, signature_key, block_to_sign()));
      BOOST_ERROR("a wrong PIN was taken");
    } catch (const Error& error) {
      BOOST_CHECK(error.code() == Errc::PinIncorrect);
      BOOST_CHECK(error.tries_left() == left);
    }
  };
  wrong(2);
  BOOST_TEST(reader.card->counters().failed_verifies == 1U);
  wrong(1);
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
  wrong(2);
}

BOOST_AUTO_TEST_CASE(after_the_last_try_the_card_is_locked) {
  SimulatedHicos reader;
  for (int i = 0; i < 2; ++i)
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(wrong_pin, signature_key, block_to_sign())), Error,
                          has_code(Errc::PinIncorrect));
  for (const auto* digits : {wrong_pin, right_pin})
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(digits, signature_key, block_to_sign())), Error,
                          has_code(Errc::PinBlocked));
  BOOST_TEST(reader.card->counters().failed_verifies == 3U);
}

BOOST_AUTO_TEST_CASE(a_card_with_the_second_key_costs_no_try_to_find_out) {
  auto file = testing::good_hicos_file();
  file["key_set"] = 2;
  SimulatedHicos reader(file);
  const auto signature = reader.private_operation(right_pin, signature_key, block_to_sign());
  BOOST_TEST(verifies(certificate(reader, "SIGN"), HashFunction::Sha256, hash, signature.view()));
  BOOST_TEST(reader.card->counters().failed_verifies == 0U);
  BOOST_TEST(reader.card->counters().by_instruction.at(0x20) == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_that_the_card_does_not_have_is_refused) {
  SimulatedHicos reader;
  static_cast<void>(reader.certificates());
  reader.card->reset_counters();
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, 0x42, block_to_sign())), Error,
                        has_code(Errc::BadRequest));
  BOOST_TEST(reader.card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_out_in_the_middle_is_a_removal_and_leaves_no_login) {
  for (std::uint64_t after = 0; after < 7; ++after) {
    SimulatedHicos reader;
    reader.readers.play("reader", simulator::removal_after(after));
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign())), Error,
                          has_code(Errc::CardRemoved));
    reader.readers.insert("reader", reader.card);
    BOOST_TEST(foreign_attempt(reader).value() == 0x6982);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
