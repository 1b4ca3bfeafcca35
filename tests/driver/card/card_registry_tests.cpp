#include "driver/card/card_registry.hpp"

#include "driver/card/signing_card.hpp"
#include "tests/driver/card/simulated_card.hpp"
#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;
using testing::ScriptedChannel;
using testing::SimulatedReader;

namespace {

constexpr const char* select_nhi = "00A4040010D1580000010000000000000000001100";
constexpr const char* select_hicos = "80A40000023F00";
constexpr const char* select_gpki = "00A4040C10A000000283000006220169640001010100";
constexpr const char* select_pkcs15 = "00A404000CA000000063504B43532D3135";
constexpr const char* another_citizen_atr = "3B8B80010031C1640840213000900057";
constexpr const char* gpki_atr = "3BD8960081B1FE451F0743485447504B494ADD";
constexpr const char* citizen_atr = "3BB813008131FA524348544D4F494341A5";
constexpr const char* other_atr = "3B00";

std::unique_ptr<Card> recognise(reader::CardChannel& channel, CardProfiles profiles = {}) {
  reader::Transaction transaction(channel);
  return CardRegistry(std::move(profiles)).recognise(transaction);
}

} // namespace

BOOST_AUTO_TEST_SUITE(card_registry)

BOOST_AUTO_TEST_CASE(a_card_with_a_usual_answer_to_reset_is_recognised_by_one_command) {
  ScriptedChannel citizen(citizen_atr);
  citizen.expect(select_hicos, "9000");
  BOOST_TEST(name_of(recognise(citizen)->kind()) == "hicos");
  ScriptedChannel second(gpki_atr);
  second.expect(select_gpki, "9000");
  BOOST_TEST(name_of(recognise(second)->kind()) == "gpki");
  ScriptedChannel nhi(other_atr);
  nhi.expect(select_nhi, "9000");
  BOOST_TEST(name_of(recognise(nhi)->kind()) == "nhi");
}

BOOST_AUTO_TEST_CASE(a_card_with_another_answer_to_reset_is_recognised_by_what_it_selects) {
  ScriptedChannel nhi(citizen_atr);
  nhi.expect(select_hicos, "6E00").expect(select_nhi, "9000");
  BOOST_TEST(name_of(recognise(nhi)->kind()) == "nhi");
  ScriptedChannel citizen(other_atr);
  citizen.expect(select_nhi, "6E00").expect(select_gpki, "6E00").expect(select_hicos, "9000");
  BOOST_TEST(name_of(recognise(citizen)->kind()) == "hicos");
  ScriptedChannel second(other_atr);
  second.expect(select_nhi, "6A82").expect(select_gpki, "9000");
  BOOST_TEST(name_of(recognise(second)->kind()) == "gpki");
}

BOOST_AUTO_TEST_CASE(a_card_that_selects_nothing_is_unsupported) {
  ScriptedChannel unknown(other_atr);
  unknown.expect(select_nhi, "6A82").expect(select_gpki, "6A82").expect(select_hicos, "6E00");
  unknown.expect(select_pkcs15, "6A82").expect("00A4080C022F00", "6A82").expect("00A40800022F0000", "6A82");
  unknown.expect("00A4000C023F00", "6A82").expect("00A40000023F0000", "6A82");
  BOOST_CHECK_EXCEPTION(static_cast<void>(recognise(unknown)), Error, has_code(Errc::UnsupportedCard));
}

BOOST_AUTO_TEST_CASE(a_card_after_iso_7816_15_is_the_last_guess) {
  ScriptedChannel card(other_atr);
  card.expect(select_nhi, "6A82")
      .expect(select_gpki, "6A82")
      .expect(select_hicos, "6E00")
      .expect(select_pkcs15, "9000");
  BOOST_TEST(name_of(recognise(card)->kind()) == "pkcs15");
}

// A plain VERIFY burns a try on these cards: the driver that sends one is never asked.
BOOST_AUTO_TEST_CASE(a_citizen_card_unknown_to_its_driver_is_not_another_card) {
  for (const auto* atr : {citizen_atr, gpki_atr, another_citizen_atr}) {
    ScriptedChannel card(atr);
    const bool first_generation = std::string_view(atr) == citizen_atr;
    const bool second_generation = std::string_view(atr) == gpki_atr;
    if (first_generation) card.expect(select_hicos, "6F00").expect(select_nhi, "6F00").expect(select_gpki, "6F00");
    if (second_generation) card.expect(select_gpki, "6F00").expect(select_nhi, "6F00").expect(select_hicos, "6F00");
    if (!first_generation && !second_generation)
      card.expect(select_nhi, "6F00").expect(select_gpki, "6F00").expect(select_hicos, "6F00");
    BOOST_CHECK_EXCEPTION(static_cast<void>(recognise(card)), Error, has_code(Errc::UnsupportedCard));
  }
}

BOOST_AUTO_TEST_CASE(a_removal_is_not_an_answer) {
  ScriptedChannel card(other_atr);
  card.expect_failure(select_nhi, Errc::CardRemoved);
  BOOST_CHECK_EXCEPTION(static_cast<void>(recognise(card)), Error, has_code(Errc::CardRemoved));
}

BOOST_AUTO_TEST_CASE(a_citizen_card_gets_the_profile_that_fits_it) {
  HicosProfile other;
  other.atrs = {*from_hex("3B99")};
  other.transport_keys = {Bytes(16)};
  HicosProfile fitting = other;
  fitting.atrs = {*from_hex(citizen_atr)};
  for (const auto& [profile, fits] : {std::pair(other, false), std::pair(fitting, true)}) {
    ScriptedChannel card(citizen_atr);
    card.expect(select_hicos, "9000");
    CardProfiles profiles;
    profiles.hicos = {profile};
    const auto recognised = recognise(card, profiles);
    BOOST_TEST(dynamic_cast<SigningCard&>(*recognised).missing_profile().has_value() == !fits);
  }
}

BOOST_AUTO_TEST_CASE(a_generation_2_card_gets_a_profile_of_its_own_kind) {
  CardProfiles profiles;
  profiles.hicos.push_back({});
  for (const bool fits : {false, true}) {
    if (fits) profiles.gpki.push_back({});
    ScriptedChannel card(gpki_atr);
    card.expect(select_gpki, "9000");
    const auto recognised = recognise(card, profiles);
    BOOST_TEST(dynamic_cast<SigningCard&>(*recognised).missing_profile().has_value() == !fits);
  }
}

BOOST_AUTO_TEST_CASE(simulated_cards_are_recognised) {
  SimulatedReader second(testing::good_gpki_file());
  BOOST_CHECK(recognise(*second.channel)->kind() == CardKind::Gpki);
  SimulatedReader citizen(testing::good_hicos_file());
  BOOST_CHECK(recognise(*citizen.channel)->kind() == CardKind::Hicos);
  SimulatedReader nhi(simulator::personalise("nhi", testing::invented_person()));
  BOOST_CHECK(recognise(*nhi.channel)->kind() == CardKind::Nhi);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
