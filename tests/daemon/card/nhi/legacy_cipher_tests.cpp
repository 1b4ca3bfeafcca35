// The ciphers of EnCrypt and SecureGetBasicWithParam, undone by the simulator's own triple DES.
#include "daemon/card/nhi/legacy_cipher.hpp"

#include "simulator/crypto/site_ciphers.hpp"
#include "tests/support/has_code.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::service {

namespace {

constexpr LocalDate date{2026, 11, 22};
constexpr std::string_view card_number = "000012345678";

card::NhiProfile profile() {
  card::NhiProfile profile{{}, {}, {}, {}, {}, 0, false};
  profile.password_key = to_bytes(as_bytes("link key 1 of 24 octets."));
  profile.password_suffix = {1, 2, 3, 4};
  return profile;
}

// Without the random octet at the end of each block.
Bytes undone(ByteView key, const std::string& hex) {
  const auto blocks = simulator::des3_ecb_decrypt(key, from_hex(hex).value());
  Bytes text;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (i % 8 != 7) text.push_back(blocks[i]);
  return text;
}

std::string encrypted(std::string_view password) {
  return encrypt_password(as_bytes(password), card_number, date, profile());
}

// What `openssl enc -des-ede3-ecb -K` makes of the password under SHA-1("00001234567820261122") and 01020304, where
// the former is what `openssl dgst -sha1` says.
struct Known {
  const char* password;
  const char* inner;
  std::size_t digits;
};
std::ostream& operator<<(std::ostream& out, const Known& known) {
  return out << known.digits << " digits";
}
constexpr Known known[] = {{"abc246", "7EED14A3D32BD7A3", 32},
                           {"abcdefg", "A2B0A02DB88D6478", 32},
                           {"abcdefgh1234", "282D929DC826A65FE32FDDA06E5D6B5B", 48}};

ByteView effective(std::string_view typed) {
  return effective_password(as_bytes(typed));
}

} // namespace

BOOST_AUTO_TEST_SUITE(legacy_cipher)

BOOST_DATA_TEST_CASE(a_password_is_what_openssl_makes_of_it_in_blocks_of_seven, boost::unit_test::data::make(known),
                     expected) {
  const auto hex = encrypted(expected.password);
  BOOST_TEST(hex.size() == expected.digits);
  BOOST_TEST(to_hex(from_hex(hex).value()) == hex); // in upper case
  auto inner = from_hex(expected.inner).value();
  inner.resize((inner.size() + 6) / 7 * 7);
  BOOST_TEST(undone(profile().password_key, hex) == inner, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_date_and_the_card_change_it) {
  const auto key = profile().password_key;
  const auto once = undone(key, encrypted("abc246"));
  BOOST_TEST(undone(key, encrypted("abc246")) == once, boost::test_tools::per_element());
  BOOST_TEST(undone(key, encrypt_password(as_bytes("abc246"), card_number, {2026, 11, 23}, profile())) != once);
  BOOST_TEST(undone(key, encrypt_password(as_bytes("abc246"), "000012345679", date, profile())) != once);
}

BOOST_AUTO_TEST_CASE(the_last_octet_of_a_block_is_random) {
  const auto once = encrypted("abc246");
  // Two blocks, each with one of 256 octets: that eight more are all the same is as likely as 2^-128.
  bool another = false;
  for (int i = 0; i < 8; ++i) another = another || encrypted("abc246") != once;
  BOOST_TEST(another);
}

BOOST_AUTO_TEST_CASE(a_record_is_under_single_des_with_the_date_as_month_day_year) {
  const std::string text = "000012345678,A123456789,\xA4\xFD\xA4\x70\xA9\xFA,0850102,F,";
  const std::string three_times = "112220261122202611222026";
  auto undone_text = undone(as_bytes(three_times), encrypt_basic(as_bytes(text), date));
  BOOST_TEST(undone_text.size() % 7 == 0U);
  undone_text.resize(text.size());
  BOOST_TEST((as_text(undone_text) == text));
}

// $ printf 0123456Z | openssl enc -provider legacy -provider default -des-ecb -nopad -K 3131323232303236
// The seven octets and a last one that could have been drawn.
BOOST_AUTO_TEST_CASE(single_des_is_what_openssl_makes_of_it) {
  const auto cipher = from_hex("3EDDB80B935ABCCE").value();
  const std::string three_times = "112220261122202611222026";
  BOOST_TEST((as_text(undone(as_bytes(three_times), to_hex(cipher))) == "0123456"));
}

BOOST_AUTO_TEST_CASE(one_digit_months_and_days_have_a_zero_in_front) {
  const std::string three_times = "010220270102202701022027";
  BOOST_TEST((as_text(undone(as_bytes(three_times), encrypt_basic(as_bytes("1234567"), {2027, 1, 2}))) == "1234567"));
}

BOOST_AUTO_TEST_CASE(a_space_or_a_nul_ends_a_password_and_twelve_octets_do) {
  using namespace std::string_view_literals;
  BOOST_TEST((as_text(effective("abc246")) == "abc246"));
  BOOST_TEST((as_text(effective("abc246 more")) == "abc246"));
  BOOST_TEST((as_text(effective("abc246\0more"sv)) == "abc246"));
  BOOST_TEST((as_text(effective("abcdefgh1234")) == "abcdefgh1234"));
  BOOST_TEST((as_text(effective("abcdefgh12345678")) == "abcdefgh1234"));
}

BOOST_AUTO_TEST_CASE(fewer_than_six_octets_are_refused_and_the_field_is_named) {
  for (const char* typed : {"", "abc24", "abc24 6", " abc246"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(effective(typed)), Error, [](const Error& error) {
      return error.code() == Errc::BadRequest && std::string_view(error.what()).starts_with("blob: ");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service
