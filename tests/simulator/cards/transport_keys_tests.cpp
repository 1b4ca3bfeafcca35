#include "simulator/cards/transport_keys.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator {

namespace {

// Made with `openssl enc -des-ede-cbc` from the PIN 123456, the IV below and the first key.
constexpr const char* block = "0102030405060708"
                              "5D25CAEB6944789C59F2DC45678932D90150E050537F6861";

} // namespace

BOOST_AUTO_TEST_SUITE(pin_block)

BOOST_AUTO_TEST_CASE(a_block_opens_with_the_key_that_made_it) {
  const auto field = open_pin_block(*from_hex(block), as_bytes(transport_key(1)));
  BOOST_REQUIRE(field.has_value());
  BOOST_TEST(to_hex(*field) == "313233343536FFFFFFFF");
}

BOOST_AUTO_TEST_CASE(a_block_does_not_open_with_the_other_key) {
  BOOST_TEST(!open_pin_block(*from_hex(block), as_bytes(transport_key(2))).has_value());
}

// The MAC runs over the PIN with the block's own IV and key, so it cannot notice a change of the IV, nor of the two
// octets that meet the end of the PIN field: the card's scheme, not the simulator's.
BOOST_AUTO_TEST_CASE(a_change_of_what_the_mac_covers_is_noticed) {
  const auto original = *from_hex(block);
  for (std::size_t i = 10; i < original.size(); ++i) {
    auto changed = original;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 0x10);
    BOOST_TEST(!open_pin_block(changed, as_bytes(transport_key(1))).has_value(), "octet " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_block_of_another_size_does_not_open) {
  auto longer = *from_hex(block);
  longer.push_back(0);
  BOOST_TEST(!open_pin_block(longer, as_bytes(transport_key(1))).has_value());
  BOOST_TEST(!open_pin_block({}, as_bytes(transport_key(1))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator
