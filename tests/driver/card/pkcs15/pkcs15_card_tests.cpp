// The driver on the simulated card: what is read, logins, signatures checked by OpenSSL, and what it refuses.
#include "driver/card/pkcs15/pkcs15_card.hpp"

#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace twcard::card {

using testing::has_code;
using testing::right_pin;
using testing::SimulatedPkcs15;
using testing::wrong_pin;

namespace {

constexpr std::uint8_t signature_key = 0x01;
constexpr std::uint8_t encryption_key = 0x05;
constexpr std::uint8_t verify = 0x20;

const Bytes hash(32, 0x5A);

Bytes block_to_sign() {
  return signature_block(HashFunction::Sha256, hash, 256);
}

const boost::json::object& raw_file() {
  static const auto file = [] {
    simulator::CardOptions options;
    options.raw = true;
    return testing::pkcs15_file(options);
  }();
  return file;
}

Bytes encrypted_for(ByteView der, std::string_view message) {
  const auto* at = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())),
                                                         X509_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(X509_get0_pubkey(x509.get()), nullptr), EVP_PKEY_CTX_free);
  Bytes cipher(256);
  auto size = cipher.size();
  const auto plain = as_bytes(message);
  BOOST_REQUIRE(EVP_PKEY_encrypt_init(context.get()) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_encrypt(context.get(), cipher.data(), &size, plain.data(), plain.size()) == 1);
  return cipher;
}

unsigned verifications(const simulator::SimulatedCard& card) {
  const auto counters = card.counters();
  const auto found = counters.by_instruction.find(verify);
  return found == counters.by_instruction.end() ? 0 : static_cast<unsigned>(found->second);
}

// A private operation without a login, as another program would try it after us.
apdu::StatusWord foreign_attempt(SimulatedPkcs15& reader) {
  const auto channel = reader.readers.open("reader");
  reader::Transaction transaction(*channel);
  static_cast<void>(transaction.transmit({0x00, 0x22, 0x41, 0xB6, {0x84, 0x01, signature_key}, std::nullopt}));
  return transaction.transmit({0x00, 0x2A, 0x9E, 0x9A, ScrubbedBytes(51), 256}).status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs15_card)

BOOST_AUTO_TEST_CASE(certificates_come_from_files_parts_of_files_and_the_directory) {
  SimulatedPkcs15 reader;
  const auto certificates = reader.certificates();
  BOOST_REQUIRE(certificates.size() == 4U);
  BOOST_TEST(certificates[0].id == "45");
  BOOST_TEST(certificates[0].label == "Signature");
  BOOST_CHECK(certificates[0].role == CertificateRole::Signature);
  BOOST_TEST(certificates[0].key_reference.value() == signature_key);
  BOOST_CHECK(certificates[1].role == CertificateRole::Encryption);
  BOOST_TEST(certificates[1].key_reference.value() == encryption_key);
  BOOST_CHECK(certificates[2].role == CertificateRole::IssuingCa);
  BOOST_TEST(!certificates[2].key_reference.has_value());
  BOOST_CHECK(certificates[3].role == CertificateRole::RootCa);
}

BOOST_AUTO_TEST_CASE(the_card_says_its_number_its_names_and_its_pin) {
  SimulatedPkcs15 reader;
  {
    reader::Transaction transaction(*reader.channel);
    const auto number = reader.driver.card_number(transaction);
    const auto info = from_hex(testing::good_pkcs15_file().at("files").at("3F00/5015/5032").as_string());
    BOOST_TEST(number.size() == 16U);
    BOOST_TEST(to_hex(*info).find("0408" + number) != std::string::npos);
  }
  static_cast<void>(reader.certificates());
  BOOST_TEST(reader.driver.names().label == "Simulated ISO 7816-15 card");
  BOOST_TEST(reader.driver.names().manufacturer == "twcard simulator");
  BOOST_TEST(reader.driver.pin_policy().min_length == 6U);
  BOOST_TEST(reader.driver.pin_policy().max_length == 8U);
}

BOOST_AUTO_TEST_CASE(a_card_that_does_not_name_its_application_is_not_recognised) {
  simulator::CardOptions options;
  options.unnamed = true;
  testing::SimulatedReader reader(testing::pkcs15_file(options));
  reader::Transaction transaction(*reader.channel);
  BOOST_TEST(!Pkcs15Card::probe(transaction));
}

BOOST_AUTO_TEST_CASE(reading_sends_no_pin) {
  SimulatedPkcs15 reader;
  static_cast<void>(reader.certificates());
  BOOST_TEST(verifications(*reader.card) == 0U);
}

BOOST_AUTO_TEST_CASE(a_signature_verifies_by_the_cards_certificate) {
  SimulatedPkcs15 reader;
  const auto der = reader.certificates().at(0).der;
  const auto signature = reader.private_operation(right_pin, signature_key, block_to_sign());
  BOOST_TEST(verifies(der, HashFunction::Sha256, hash, signature.view()));
}

BOOST_AUTO_TEST_CASE(a_signature_works_without_certificates_read_before) {
  SimulatedPkcs15 reader;
  const auto signature = reader.private_operation(right_pin, signature_key, block_to_sign());
  BOOST_TEST(verifies(reader.certificates().at(0).der, HashFunction::Sha256, hash, signature.view()));
}

BOOST_AUTO_TEST_CASE(a_signature_takes_five_commands_and_two_more_for_each_that_follows) {
  SimulatedPkcs15 reader;
  static_cast<void>(reader.certificates());
  reader.card->reset_counters();
  reader::Transaction transaction(*reader.channel);
  const auto sign = [&] {
    static_cast<void>(
        reader.driver.private_operation(transaction, testing::pin(right_pin), signature_key, block_to_sign()));
    return reader.card->counters().apdus;
  };
  BOOST_TEST(sign() == 5U);
  BOOST_TEST(sign() == 7U);
  BOOST_TEST(verifications(*reader.card) == 1U);
}

BOOST_AUTO_TEST_CASE(a_key_decrypts_when_it_is_for_that_and_the_card_takes_whole_blocks) {
  const auto abilities = [](SimulatedPkcs15& reader, std::uint8_t key) {
    static_cast<void>(reader.certificates());
    const auto of_key = reader.driver.key_abilities(key);
    return std::pair(of_key.signs, of_key.decrypts);
  };
  SimulatedPkcs15 pads;
  BOOST_TEST((abilities(pads, signature_key) == std::pair(true, false)));
  BOOST_TEST((abilities(pads, encryption_key) == std::pair(false, false)));
  SimulatedPkcs15 raw(raw_file());
  BOOST_TEST((abilities(raw, signature_key) == std::pair(true, false)));
  BOOST_TEST((abilities(raw, encryption_key) == std::pair(false, true)));
}

BOOST_AUTO_TEST_CASE(a_card_that_takes_whole_blocks_decrypts_and_signs_any_padding) {
  SimulatedPkcs15 reader(raw_file());
  const auto certificates = reader.certificates();
  const auto cipher = encrypted_for(certificates.at(1).der, "a secret");
  const auto block = reader.private_operation(right_pin, encryption_key, cipher);
  BOOST_TEST(as_text(remove_encryption_padding(block.view()).view()) == "a secret");
  Bytes other_padding(256, 0x22);
  BOOST_TEST(reader.private_operation(right_pin, signature_key, other_padding).size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_card_that_pads_by_itself_refuses_before_the_pin_is_sent_what_it_cannot_do) {
  SimulatedPkcs15 reader;
  const auto cipher = encrypted_for(reader.certificates().at(1).der, "a secret");
  for (const auto key : {encryption_key, signature_key})
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, key, cipher)), Error,
                          has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, encryption_key, block_to_sign())), Error,
                        has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, 0x42, block_to_sign())), Error,
                        has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(right_pin, signature_key, Bytes(128))), Error,
                        has_code(Errc::BadRequest));
  BOOST_TEST(verifications(*reader.card) == 0U);
}

BOOST_AUTO_TEST_CASE(nobody_inherits_the_login) {
  SimulatedPkcs15 reader;
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
  BOOST_TEST(foreign_attempt(reader).value() == 0x6982);
  static_cast<void>(reader.private_operation(right_pin, signature_key, block_to_sign()));
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_one_try_and_the_last_one_locks) {
  SimulatedPkcs15 reader;
  for (const int left : {2, 1}) {
    try {
      static_cast<void>(reader.private_operation(wrong_pin, signature_key, block_to_sign()));
      BOOST_ERROR("a wrong PIN was taken");
    } catch (const Error& error) {
      BOOST_CHECK(error.code() == Errc::PinIncorrect);
      BOOST_CHECK(error.tries_left() == left);
    }
  }
  for (const auto* digits : {wrong_pin, right_pin})
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(digits, signature_key, block_to_sign())), Error,
                          has_code(Errc::PinBlocked));
  BOOST_TEST(reader.card->counters().failed_verifies == 3U);
}

BOOST_AUTO_TEST_CASE(a_pin_of_another_length_or_kind_is_not_sent) {
  SimulatedPkcs15 reader;
  static_cast<void>(reader.certificates());
  for (const auto* digits : {"12345", "123456789", "12345a"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(reader.private_operation(digits, signature_key, block_to_sign())), Error,
                          has_code(Errc::PinLength));
  BOOST_TEST(verifications(*reader.card) == 0U);
}

BOOST_AUTO_TEST_CASE(the_directory_tells_whether_the_certificates_are_the_same) {
  SimulatedPkcs15 reader;
  static_cast<void>(reader.certificates());
  const auto directory = reader.driver.certificate_directory();
  BOOST_TEST(!directory.empty());

  Pkcs15Card another;
  reader::Transaction transaction(*reader.channel);
  reader.card->reset_counters();
  BOOST_TEST(another.has_certificate_directory(transaction, directory));
  // The card is as usable as after reading its certificates.
  BOOST_TEST(another.pin_policy().min_length == 6U);
  const auto signature =
      another.private_operation(transaction, testing::pin(right_pin), signature_key, block_to_sign());
  BOOST_TEST(signature.size() == 256U);

  auto file = testing::good_pkcs15_file();
  auto& text = file["files"].as_object()["3F00/5015/4403"].as_string();
  const auto label = text.find("5369676E6174757265"); // "Signature"
  BOOST_REQUIRE(label != boost::json::string::npos);
  text[label + 1] = '4';
  SimulatedPkcs15 changed(file);
  reader::Transaction with_changed(*changed.channel);
  BOOST_TEST(!changed.driver.has_certificate_directory(with_changed, directory));
}

BOOST_AUTO_TEST_CASE(certificates_are_not_to_be_kept_when_one_could_not_be_read) {
  simulator::CardOptions options;
  options.damage = simulator::Damage::SignatureCertificate;
  SimulatedPkcs15 reader(testing::pkcs15_file(options));
  static_cast<void>(reader.certificates());
  BOOST_TEST(reader.driver.certificate_directory().empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_certificate_is_left_out_and_a_damaged_directory_leaves_what_another_one_names) {
  simulator::CardOptions options;
  options.damage = simulator::Damage::SignatureCertificate;
  BOOST_TEST(SimulatedPkcs15(testing::pkcs15_file(options)).certificates().size() == 3U);
  options.damage = simulator::Damage::CertificateDirectory;
  const auto certificates = SimulatedPkcs15(testing::pkcs15_file(options)).certificates();
  BOOST_CHECK(certificates.back().role == CertificateRole::RootCa);
}

// A plain VERIFY burns a try on a citizen certificate card, so this driver has to fail there before it sends one.
BOOST_AUTO_TEST_CASE(no_citizen_certificate_card_is_ever_sent_a_plain_pin) {
  for (const auto& file : {testing::good_hicos_file(), testing::good_gpki_file()}) {
    testing::SimulatedReader reader(file);
    {
      reader::Transaction transaction(*reader.channel);
      BOOST_TEST(!Pkcs15Card::probe(transaction));
    }
    Pkcs15Card forced;
    reader::Transaction transaction(*reader.channel);
    BOOST_CHECK_THROW(
        static_cast<void>(forced.private_operation(transaction, testing::pin(right_pin), 0x01, block_to_sign())),
        Error);
    BOOST_CHECK_THROW(forced.verify_pin(transaction, testing::pin(right_pin)), Error);
    BOOST_TEST(verifications(*reader.card) == 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
