// Directories written by hand after ISO/IEC 7816-15 and PKCS #15 v1.1, and what is wrong with them.
#include "driver/card/pkcs15/objects.hpp"

#include "tests/support/has_code.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::card {

using testing::has_code;

namespace {

Bytes hex(std::string digits) {
  digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
  return *from_hex(digits);
}

// A private key: common attributes (label "K", flags, PIN 01), key attributes (identifier 45, usage sign, native,
// reference 81), RSA attributes (path 3F0050154B01, 2048 bits).
constexpr const char* key_entry = "30 31"
                                  "   30 0A 0C 01 4B 03 02 07 80 04 01 01"
                                  "   30 0D 04 01 45 03 02 05 20 01 01 FF 02 01 81"
                                  "   A1 14 30 12 30 08 04 06 3F 00 50 15 4B 01 02 02 08 00 02 02 00 00";

// A password: label "P", identifier 01; flags local, initialized, needs padding; ascii-numeric; 4, 8, 8; reference 81;
// padded with FF; in 3F005015.
constexpr const char* pin_entry = "30 2C"
                                  "   30 03 0C 01 50"
                                  "   30 03 04 01 01"
                                  "   A1 20 30 1E 03 02 02 4C 0A 01 01 02 01 04 02 01 08 02 01 08 80 01 81 04 01 FF"
                                  "         30 06 04 04 3F 00 50 15";

// A certificate at 3F0050154301, octets 10 to 2FF.
constexpr const char* certificate_entry = "30 22"
                                          "   30 03 0C 01 43"
                                          "   30 03 04 01 45"
                                          "   A1 16 30 14 30 12 04 06 3F 00 50 15 43 01 02 01 10 80 02 02 F0"
                                          "         04 01 00";

Bytes octets_of(const char* entry) {
  return hex(entry);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs15_objects)

BOOST_AUTO_TEST_CASE(an_object_directory_names_the_directories) {
  const auto directories = parse_pkcs15_object_directory(
      hex("A0 0A 30 08 04 06 3F 00 50 15 44 01 A1 0A 30 08 04 06 3F 00 50 15 44 02"
          "A5 06 30 04 04 02 44 05 A4 0A 30 08 04 06 3F 00 50 15 44 04 A8 0A 30 08 04 06 3F 00 50 15 44 08 00 00 A0"));
  BOOST_TEST(directories.private_keys.size() == 1U);
  BOOST_TEST(to_hex(directories.private_keys.at(0).identifiers) == "3F0050154401");
  BOOST_TEST(directories.certificates.size() == 2U);
  BOOST_TEST(to_hex(directories.certificates.at(0).identifiers) == "3F0050154404");
  BOOST_TEST(to_hex(directories.certificates.at(1).identifiers) == "4405");
  BOOST_TEST(to_hex(directories.authentication_objects.at(0).identifiers) == "3F0050154408");
}

BOOST_AUTO_TEST_CASE(a_key_says_what_it_is_for_and_behind_which_pin) {
  const auto keys = parse_pkcs15_keys(octets_of(key_entry));
  BOOST_REQUIRE(keys.size() == 1U);
  BOOST_TEST(to_hex(keys[0].id) == "45");
  BOOST_TEST(to_hex(keys[0].auth_id) == "01");
  BOOST_TEST(keys[0].reference == 0x81);
  BOOST_TEST(keys[0].signs);
  BOOST_TEST(!keys[0].decrypts);
  BOOST_TEST(!keys[0].asks_each_time);
  BOOST_TEST(keys[0].modulus_bits == 2048U);
}

BOOST_AUTO_TEST_CASE(a_pin_says_how_it_is_sent) {
  const auto pins = parse_pkcs15_pins(octets_of(pin_entry));
  BOOST_REQUIRE(pins.size() == 1U);
  BOOST_TEST(to_hex(pins[0].auth_id) == "01");
  BOOST_TEST(pins[0].reference == 0x81);
  BOOST_CHECK(pins[0].encoding == Pkcs15Pin::Encoding::Text);
  BOOST_TEST(pins[0].digits_only);
  BOOST_TEST(pins[0].min_length == 4U);
  BOOST_TEST(pins[0].max_length == 8U);
  BOOST_TEST(pins[0].stored_length == 8U);
  BOOST_TEST(pins[0].needs_padding);
  BOOST_TEST(pins[0].padding == 0xFF);
  BOOST_TEST(!pins[0].protected_transfer);
  BOOST_TEST(!pins[0].unblocks);
  BOOST_TEST(to_hex(pins[0].path.value().identifiers) == "3F005015");
}

BOOST_AUTO_TEST_CASE(a_pin_that_unblocks_or_wants_secure_messaging_says_so) {
  auto octets = octets_of(pin_entry);
  const auto before = hex("03 02 02 4C");
  const auto flags = std::search(octets.begin(), octets.end(), before.begin(), before.end());
  flags[2] = 0x00; // no unused bits
  flags[3] = 0x02; // unblocking
  BOOST_TEST(parse_pkcs15_pins(octets).at(0).unblocks);
  flags[3] = 0x01; // of the security officer
  BOOST_TEST(parse_pkcs15_pins(octets).at(0).unblocks);
  flags[3] = 0x4C;
  BOOST_TEST(!parse_pkcs15_pins(octets).at(0).unblocks);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_a_part_of_a_file_or_lies_in_the_directory) {
  const auto in_file = parse_pkcs15_certificates(octets_of(certificate_entry));
  BOOST_REQUIRE(in_file.size() == 1U);
  BOOST_TEST(in_file[0].label == "C");
  BOOST_TEST(to_hex(in_file[0].path.value().identifiers) == "3F0050154301");
  BOOST_TEST(in_file[0].path.value().index == 0x10U);
  BOOST_TEST(in_file[0].path.value().length.value() == 0x2F0U);
  const auto direct = parse_pkcs15_certificates(hex("30 12 30 00 30 03 04 01 47 A1 09 30 07 A0 05 30 03 02 01 05"));
  BOOST_REQUIRE(direct.size() == 1U);
  BOOST_TEST(!direct[0].path.has_value());
  BOOST_TEST(to_hex(direct[0].value) == "3003020105");
}

BOOST_AUTO_TEST_CASE(token_information_has_a_number_names_and_algorithms) {
  const auto info = parse_pkcs15_token_info(hex("30 3C 02 01 00 04 02 12 34 0C 02 4D 31 80 02 4C 31 03 02 04 70"
                                                "A2 27 30 12 02 01 01 02 01 01 05 00 03 02 01 22 06 00 02 02 00 91"
                                                "30 11 02 01 02 02 01 03 05 00 03 02 01 22 06 00 02 01 10"));
  BOOST_TEST(to_hex(info.serial_number) == "1234");
  BOOST_TEST(info.manufacturer == "M1");
  BOOST_TEST(info.label == "L1");
  BOOST_REQUIRE(info.algorithms.size() == 2U);
  BOOST_CHECK(info.algorithms[0].kind == Pkcs15Algorithm::Kind::Padding);
  BOOST_TEST(info.algorithms[0].reference.value() == 0x91);
  BOOST_CHECK(info.algorithms[1].kind == Pkcs15Algorithm::Kind::Raw);
  BOOST_TEST(info.algorithms[1].index == 2U);
}

BOOST_AUTO_TEST_CASE(names_of_a_card_have_no_control_characters) {
  // 1B is an escape, C2 9B a control character in UTF-8, E7 8E 8B is 王, FF is nothing.
  const auto info = parse_pkcs15_token_info(hex("30 11 02 01 00 04 01 01 80 09 41 1B C2 9B E7 8E 8B FF 42"));
  BOOST_TEST(info.label == "A??王?B");
}

BOOST_AUTO_TEST_CASE(a_directory_ends_at_its_padding) {
  const auto entry = octets_of(key_entry);
  BOOST_TEST(!pkcs15_directory_size(entry).has_value());
  BOOST_TEST(!pkcs15_directory_size(ByteView(entry).first(7)).has_value());
  auto padded = entry;
  padded.insert(padded.end(), {0x00, 0x00, 0x30});
  BOOST_TEST(pkcs15_directory_size(padded).value() == entry.size() + 1);
  BOOST_TEST(parse_pkcs15_keys(padded).size() == 1U);
  BOOST_TEST(pkcs15_directory_size(hex("FF")).value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_damaged_entry_is_left_out_and_the_others_are_not) {
  auto damaged = octets_of(key_entry);
  damaged[3] = 0x7F; // the common attributes run past the entry
  const auto good = octets_of(key_entry);
  damaged.insert(damaged.end(), good.begin(), good.end());
  const Bytes elliptic_curve{0xA0, 0x02, 0x30, 0x00};
  damaged.insert(damaged.end(), elliptic_curve.begin(), elliptic_curve.end());
  BOOST_TEST(parse_pkcs15_keys(damaged).size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_truncation_ends_with_an_error_or_without_the_entry) {
  for (const auto* entry : {key_entry, pin_entry, certificate_entry}) {
    const auto whole = octets_of(entry);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      const auto part = ByteView(whole).first(size);
      BOOST_CHECK_EXCEPTION(static_cast<void>(parse_pkcs15_keys(part)), Error, has_code(Errc::BadCardData));
      BOOST_CHECK_EXCEPTION(static_cast<void>(parse_pkcs15_pins(part)), Error, has_code(Errc::BadCardData));
      BOOST_CHECK_EXCEPTION(static_cast<void>(parse_pkcs15_certificates(part)), Error, has_code(Errc::BadCardData));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_directory_gives_more_objects_than_the_limit) {
  Bytes many;
  const auto entry = octets_of(key_entry);
  for (int i = 0; i < 40; ++i) many.insert(many.end(), entry.begin(), entry.end());
  BOOST_TEST(parse_pkcs15_keys(many).size() == max_pkcs15_objects);
}

BOOST_AUTO_TEST_CASE(numbers_out_of_their_limits_are_refused) {
  const auto refused = [](const char* path) {
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_pkcs15_object_directory(hex(path))), Error,
                          has_code(Errc::BadCardData));
  };
  refused("A0 05 30 03 04 01 44");                                                    // half an identifier
  refused("A0 0A 30 08 04 02 44 01 02 02 80 00");                                     // a negative index
  refused("A0 0B 30 09 04 02 44 01 02 03 00 80 00");                                  // an index over 7FFF
  refused("A0 16 30 14 04 12 3F 00 50 15 50 15 50 15 50 15 50 15 50 15 50 15 44 01"); // too deep
  auto pin = octets_of(pin_entry);
  const auto before = hex("02 01 04");
  const auto least = std::search(pin.begin(), pin.end(), before.begin(), before.end());
  least[2] = 0x09; // the least length over the greatest
  BOOST_TEST(parse_pkcs15_pins(pin).empty());
}

BOOST_AUTO_TEST_CASE(the_directory_of_applications_says_where_ours_is) {
  const std::string ours = "61 16 4F 0C A0 00 00 00 63 50 4B 43 53 2D 31 35 51 06 3F 00 5F 00 50 15";
  const std::string other = "61 0D 4F 05 A0 00 00 00 03 51 04 3F 00 5F 01";
  BOOST_TEST(to_hex(pkcs15_application_path(hex(other + ours)).value()) == "3F005F005015");
  BOOST_TEST(!pkcs15_application_path(hex(other)).has_value());
  BOOST_TEST(!pkcs15_application_path(hex("00 00 " + ours)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
