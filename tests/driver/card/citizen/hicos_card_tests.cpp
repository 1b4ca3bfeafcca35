#include "driver/card/citizen/hicos_card.hpp"

#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::pin;
using testing::ScriptedChannel;

namespace {

const std::string verify = "8C20000120" + std::string(64, '.');
const std::string first_half = "80EA820180" + std::string(256, '1');
const std::string last_half = "80EA020180" + std::string(256, '2');
const std::string rest = "80C1008080";

HicosProfile profile(std::size_t keys) {
  HicosProfile profile;
  profile.name = "Test";
  for (std::size_t i = 0; i < keys; ++i) profile.transport_keys.emplace_back(16, static_cast<std::uint8_t>(i));
  return profile;
}

Bytes block() {
  Bytes octets(128, 0x11);
  octets.resize(256, 0x22);
  return octets;
}

struct Fixture {
  ScriptedChannel card;
  HicosCard driver{*from_hex("3B00"), profile(2)};

  ScriptedChannel& selects() {
    return card.expect("80A40000023F00", "9000").expect("80A40000025030", "9000").expect("80A40000020810", "9000");
  }
  SecureBytes use(std::string_view digits = "123456", const Bytes& octets = block()) {
    reader::Transaction transaction(card);
    return driver.private_operation(transaction, pin(digits), 0x01, octets);
  }
  void fails(Errc code) { BOOST_CHECK_EXCEPTION(static_cast<void>(use()), Error, has_code(code)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hicos_card, Fixture)

BOOST_AUTO_TEST_CASE(a_cold_signature_takes_seven_commands_and_ends_in_a_reset) {
  selects().expect(verify, "9000").expect(first_half, "9000");
  card.expect(last_half, std::string(256, 'A') + "9000").expect(rest, std::string(256, 'B') + "9000");
  BOOST_TEST(to_hex(use().view()) == std::string(256, 'A') + std::string(256, 'B'));
  BOOST_CHECK(card.ended == std::vector{reader::Disposition::Reset});
}

BOOST_AUTO_TEST_CASE(in_a_transaction_that_is_logged_in_a_signature_takes_three_commands) {
  const auto signature = [this] {
    card.expect(first_half, "9000").expect(last_half, std::string(256, 'A') + "9000");
    card.expect(rest, std::string(256, 'B') + "9000");
  };
  reader::Transaction transaction(card);
  selects().expect(verify, "9000");
  driver.verify_pin(transaction, pin("123456"));
  for (int i = 0; i < 2; ++i) {
    signature();
    static_cast<void>(driver.private_operation(transaction, pin("123456"), 0x01, block()));
  }
  // What else is done with the card in between selects other files.
  card.expect("8084000008", "0102030405060708 9000");
  static_cast<void>(driver.random(transaction));
  selects().expect(verify, "9000");
  signature();
  static_cast<void>(driver.private_operation(transaction, pin("123456"), 0x01, block()));
}

BOOST_AUTO_TEST_CASE(a_pin_to_be_checked_is_also_sent_in_a_logged_in_transaction) {
  reader::Transaction transaction(card);
  selects().expect(verify, "9000");
  driver.verify_pin(transaction, pin("123456"));
  selects().expect(verify, "63C2");
  BOOST_CHECK_EXCEPTION(driver.verify_pin(transaction, pin("654321")), Error, has_code(Errc::PinIncorrect));
  BOOST_TEST(!transaction.logged_in());
}

BOOST_AUTO_TEST_CASE(a_refused_pin_is_not_sent_again) {
  const std::pair<const char*, Errc> answers[] = {
      {"63C2", Errc::PinIncorrect}, {"63C0", Errc::PinBlocked},  {"6983", Errc::PinBlocked},
      {"6700", Errc::PinLength},    {"6988", Errc::CardRefused}, {"6982", Errc::CardRefused},
      {"6C20", Errc::CardRefused},  {"6108", Errc::CardRefused}, {"6F00", Errc::CardRefused}};
  for (const auto& [answer, code] : answers) {
    selects().expect(verify, answer);
    fails(code);
  }
}

BOOST_AUTO_TEST_CASE(an_ambiguous_failure_is_not_tried_again) {
  for (const auto code : {Errc::CardRemoved, Errc::CardReset, Errc::NoPcsc}) {
    selects().expect_failure(verify, code);
    fails(code);
  }
  BOOST_CHECK(card.ended == std::vector(3, reader::Disposition::Reset));
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_tells_the_tries_left) {
  selects().expect(verify, "63C1");
  try {
    static_cast<void>(use());
    BOOST_ERROR("no error");
  } catch (const Error& error) {
    BOOST_CHECK(error.tries_left() == 1);
  }
}

BOOST_AUTO_TEST_CASE(the_second_key_is_tried_when_the_card_says_that_the_first_is_not_its_own) {
  selects().expect(verify, "6A88").expect(verify, "63C2");
  fails(Errc::PinIncorrect);
}

BOOST_AUTO_TEST_CASE(without_a_fitting_key_the_profile_is_missing) {
  selects().expect(verify, "6A88").expect(verify, "6A88");
  fails(Errc::ProfileMissing);
}

BOOST_AUTO_TEST_CASE(a_result_of_another_length_is_the_cards_fault) {
  selects().expect(verify, "9000").expect(first_half, "9000").expect(last_half, "AA9000");
  fails(Errc::BadCardData);
  selects().expect(verify, "9000").expect(first_half, "9000").expect(last_half, std::string(256, 'A') + "9000");
  card.expect(rest, std::string(258, 'B') + "9000");
  fails(Errc::BadCardData);
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_before_the_card_hears_of_it) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(use("12345")), Error, has_code(Errc::PinLength));
  BOOST_CHECK_EXCEPTION(static_cast<void>(use("123456789")), Error, has_code(Errc::PinLength));
  for (const std::size_t size : {0U, 128U, 255U, 257U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(use("123456", Bytes(size))), Error, has_code(Errc::BadRequest));
  BOOST_CHECK(card.ended == std::vector(6, reader::Disposition::Leave));
}

BOOST_AUTO_TEST_CASE(without_a_profile_the_error_says_which_is_missing) {
  HicosCard bare(*from_hex("3B0011"), std::nullopt);
  BOOST_TEST(bare.missing_profile().value().find("3B0011") != std::string::npos);
  BOOST_TEST(!driver.missing_profile().has_value());
  reader::Transaction transaction(card);
  BOOST_CHECK_EXCEPTION(static_cast<void>(bare.private_operation(transaction, pin("123456"), 1, block())), Error,
                        has_code(Errc::ProfileMissing));
}

BOOST_AUTO_TEST_CASE(the_card_number_is_16_digits) {
  for (const auto* answer : {"30303030303030303132333435363738 9000", "3030303030303030313233343536373A 9000",
                             "303030303030303031323334353637 6282"})
    card.expect("80A40000023F00", "9000")
        .expect("80A40000020900", "9000")
        .expect("80A40000020903", "9000")
        .expect("80B0000010", answer);
  reader::Transaction transaction(card);
  BOOST_TEST(driver.card_number(transaction) == "0000000012345678");
  BOOST_CHECK_EXCEPTION(static_cast<void>(driver.card_number(transaction)), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(driver.card_number(transaction)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(random_octets_come_from_the_card) {
  card.expect("8084000008", "0102030405060708 9000").expect("8084000008", "01 9000").expect("8084000008", "6D00");
  reader::Transaction transaction(card);
  BOOST_TEST(to_hex(driver.random(transaction)) == "0102030405060708");
  BOOST_CHECK_EXCEPTION(static_cast<void>(driver.random(transaction)), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(driver.random(transaction)), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
