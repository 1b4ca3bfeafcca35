// What the driver says to a card of generation 2, and what it makes of the answers; what needs the card's keys is in
// gpki_signature_tests.cpp.
#include "driver/card/citizen/gpki_card.hpp"

#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::pin;
using testing::ScriptedChannel;

namespace {

const std::string select_applet = "00A4040C10A000000283000006220169640001010100";
const std::string select_manager = "00A404000FA000000283FF088692535389C0001400";
const std::string select_domain = "00A4040007A000000151000000";
const std::string key_information = "E012C00401018810C00402018810C00403018810 9000";
const std::string card_id = "450A00010203040506070809 9000";
const std::string initialize_update = "8050010008................00";

GpkiProfile profile() {
  GpkiProfile profile;
  profile.name = "Test";
  profile.master_key = Bytes(16, 0x11);
  return profile;
}

struct Fixture {
  ScriptedChannel card;
  GpkiCard driver{*from_hex("3B00"), profile()};

  ScriptedChannel& asked_for_its_keys() {
    card.expect(select_manager, "9000").expect("80CA00E000", key_information);
    return card.expect(select_domain, "9000").expect("80CA004500", card_id);
  }
  ScriptedChannel& answers_update(const std::string& answer) {
    return card.expect(select_applet, "9000").expect(initialize_update, answer);
  }
  SecureBytes use(std::string_view digits = "123456", std::size_t block = 256) {
    reader::Transaction transaction(card);
    return driver.private_operation(transaction, pin(digits), 0x01, Bytes(block, 0x11));
  }
  void fails(Errc code) { BOOST_CHECK_EXCEPTION(static_cast<void>(use()), Error, has_code(code)); }
};

// An answer to INITIALIZE UPDATE: ID, key version and protocol, challenge, cryptogram.
std::string update(const std::string& information = "010300", const std::string& end = "") {
  return "00010203040506070809" + information + std::string(16, '1') + std::string(16, '2') + end + "9000";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(gpki_card, Fixture)

BOOST_AUTO_TEST_CASE(a_card_that_has_not_the_profiles_keys_gets_no_pin_and_no_cryptogram) {
  asked_for_its_keys();
  answers_update(update());
  fails(Errc::ProfileMissing);
  // The keys are known by now; a card with a sequence counter answers three octets more.
  answers_update(update("010370", "000001"));
  fails(Errc::ProfileMissing);
  BOOST_CHECK(card.ended == std::vector(2, reader::Disposition::Leave));
}

BOOST_AUTO_TEST_CASE(keys_that_are_not_aes_128_are_not_supported) {
  for (const auto* information : {"E006C00401018820 9000", "E006C004010188 9000", "9000"}) {
    card.expect(select_manager, "9000").expect("80CA00E000", information);
    fails(Errc::UnsupportedCard);
  }
}

BOOST_AUTO_TEST_CASE(a_malformed_card_id_is_the_cards_fault) {
  for (const auto* id :
       {"9000", "4509000102030405060708 9000", "460A00010203040506070809 9000", "450A0001020304050607080900 9000"}) {
    card.expect(select_manager, "9000").expect("80CA00E000", key_information);
    card.expect(select_domain, "9000").expect("80CA004500", id);
    fails(Errc::BadCardData);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_wrong_length_opens_no_channel) {
  asked_for_its_keys();
  answers_update("9000");
  fails(Errc::BadCardData);
  for (const auto* end : {"00", "0000", "00000000"}) {
    answers_update(update("010300", end));
    fails(Errc::BadCardData);
  }
}

BOOST_AUTO_TEST_CASE(another_protocol_is_not_supported) {
  asked_for_its_keys();
  answers_update(update("010200"));
  fails(Errc::UnsupportedCard);
}

BOOST_AUTO_TEST_CASE(refusals_on_the_way_to_a_channel_are_reported) {
  card.expect(select_manager, "6A82");
  fails(Errc::CardRefused);
  asked_for_its_keys().expect(select_applet, "6A82");
  fails(Errc::CardRefused);
  answers_update("6A88");
  fails(Errc::CardRefused);
  BOOST_CHECK(card.ended == std::vector(3, reader::Disposition::Leave));
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_before_the_card_hears_of_it) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(use("12345")), Error, has_code(Errc::PinLength));
  BOOST_CHECK_EXCEPTION(static_cast<void>(use("123456789")), Error, has_code(Errc::PinLength));
  for (const std::size_t size : {0U, 128U, 255U, 257U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(use("123456", size)), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(without_a_profile_the_error_says_which_is_missing) {
  GpkiCard bare(*from_hex("3B0011"), std::nullopt);
  BOOST_TEST(bare.missing_profile().value().find("gpki for the ATR 3B0011") != std::string::npos);
  BOOST_TEST(!driver.missing_profile().has_value());
  reader::Transaction transaction(card);
  BOOST_CHECK_EXCEPTION(static_cast<void>(bare.private_operation(transaction, pin("123456"), 1, Bytes(256))), Error,
                        has_code(Errc::ProfileMissing));
}

BOOST_AUTO_TEST_CASE(the_card_number_is_in_its_file_under_the_applets_root) {
  card.expect(select_applet, "9000")
      .expect("00A40004027FFF00", "6202830000 9000")
      .expect("00A4000402090000", "9000")
      .expect("00A4000402090300", "9000")
      .expect("00B0000010", "30303030303030303132333435363738 9000");
  reader::Transaction transaction(card);
  BOOST_TEST(driver.card_number(transaction) == "0000000012345678");
}

BOOST_AUTO_TEST_CASE(random_octets_come_from_the_applet) {
  card.expect(select_applet, "9000").expect("0084000008", "0102030405060708 9000");
  card.expect(select_applet, "9000").expect("0084000008", "01 9000");
  reader::Transaction transaction(card);
  BOOST_TEST(to_hex(driver.random(transaction)) == "0102030405060708");
  BOOST_CHECK_EXCEPTION(static_cast<void>(driver.random(transaction)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
