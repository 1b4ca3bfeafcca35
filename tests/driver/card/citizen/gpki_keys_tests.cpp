#include "driver/card/citizen/gpki_keys.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;

namespace {

const Bytes card_id = *from_hex("00010203040506070809");

GpkiProfile with_master_key() {
  GpkiProfile profile;
  profile.name = "Test";
  profile.master_key = *from_hex("000102030405060708090A0B0C0D0E0F");
  return profile;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gpki_keys_of_a_card)

// Expected by `openssl mac -cipher AES-128-CBC -macopt hexkey:000102…0F CMAC` over the 32 octets of
// docs/cards/citizen.md: 11 times 00, 04 (06), 00 0080 01, 01 (02), card ID, 5389C00014.
BOOST_AUTO_TEST_CASE(they_follow_from_the_master_key_and_the_card_id) {
  const auto keys = gpki_keys(with_master_key(), card_id);
  BOOST_TEST(to_hex(keys.encryption) == "31BE6C6A0FF8ACF61489A85EE6687033");
  BOOST_TEST(to_hex(keys.mac) == "548144273A70EF99705B2E4E3AB58369");
  const auto others = gpki_keys(with_master_key(), *from_hex("0001020304050607080A"));
  BOOST_TEST(to_hex(others.encryption) != to_hex(keys.encryption));
}

BOOST_AUTO_TEST_CASE(or_they_stand_in_the_profile_under_the_card_id) {
  GpkiProfile profile;
  profile.name = "Test";
  profile.cards = {{Bytes(10, 0x11), Bytes(16, 0x22), Bytes(16, 0x33)}, {card_id, Bytes(16, 0x44), Bytes(16, 0x55)}};
  const auto keys = gpki_keys(profile, card_id);
  BOOST_TEST(to_hex(keys.encryption) == to_hex(Bytes(16, 0x44)));
  BOOST_TEST(to_hex(keys.mac) == to_hex(Bytes(16, 0x55)));
  BOOST_CHECK_EXCEPTION(static_cast<void>(gpki_keys(profile, Bytes(10))), Error, has_code(Errc::ProfileMissing));
}

BOOST_AUTO_TEST_CASE(a_card_id_has_ten_octets) {
  for (const std::size_t size : {0U, 9U, 11U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(gpki_keys(with_master_key(), Bytes(size))), Error,
                          has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
