#include "simulator/crypto/key_source.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <set>

namespace twcard::simulator::tests {

namespace {

bool is_sound(const RsaKey& key) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key.get(), nullptr),
                                                                            EVP_PKEY_CTX_free);
  return EVP_PKEY_check(context.get()) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_source)

BOOST_AUTO_TEST_CASE(keys_of_the_pool_are_whole_rsa_keys_of_either_length) {
  const auto keys = KeySource::pool();
  for (const unsigned bits : {2048U, 4096U}) {
    const auto key = keys.next(bits);
    BOOST_TEST(key.bits() == bits);
    BOOST_TEST(key.modulus()[0] >= 0x80);
    BOOST_TEST(key.exponent() == 65537U);
    BOOST_TEST(is_sound(key));
    BOOST_TEST(RsaKey::from_pem(key.to_pem()).modulus() == key.modulus());
  }
}

BOOST_AUTO_TEST_CASE(no_number_of_the_pool_is_the_key_of_another) {
  std::set<Bytes> moduli;
  const auto keys = KeySource::pool_from_text("0 0");
  // Over the end of the first circle of 64 and of 128 primes.
  for (int i = 0; i < 140; ++i) BOOST_TEST(moduli.insert(keys.next(i % 2 == 0 ? 2048 : 4096).modulus()).second);
  for (int i = 0; i < 140; ++i) BOOST_TEST(moduli.insert(keys.next().modulus()).second);
  // After the last number comes the first one.
  const auto last = KeySource::pool_from_text("8063 0");
  BOOST_TEST(moduli.insert(last.next().modulus()).second);
  BOOST_TEST(!moduli.insert(last.next().modulus()).second);
}

BOOST_AUTO_TEST_CASE(everything_in_a_process_shares_one_source) {
  BOOST_TEST(KeySource::of_this_process().next().modulus() != KeySource::of_this_process().next().modulus());
  const auto copy = KeySource::of_this_process();
  BOOST_TEST(copy.next().modulus() != KeySource::of_this_process().next().modulus());
}

BOOST_AUTO_TEST_CASE(a_place_in_the_pool_is_remembered) {
  const auto before = KeySource::pool();
  const auto first = before.next().modulus();
  const auto after = KeySource::pool_from_text(before.to_text());
  BOOST_TEST(after.next().modulus() == before.next().modulus());
  BOOST_TEST(after.next().modulus() != first);
  BOOST_CHECK_THROW(static_cast<void>(KeySource::pool_from_text("")), Error);
  BOOST_CHECK_THROW(static_cast<void>(KeySource::pool_from_text("12 many")), Error);
}

BOOST_AUTO_TEST_CASE(keys_are_generated_when_the_pool_is_used_up_or_new_ones_are_wanted) {
  const auto key = [](const char* place) { return KeySource::pool_from_text(place).next().modulus(); };
  BOOST_TEST(key("5 8063") == key("5 8063"));
  BOOST_TEST(key("5 8064") != key("5 8064"));
  BOOST_TEST(KeySource::generating().next().modulus() != KeySource::generating().next().modulus());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
