#include "simulator/applets/hicos_files.hpp"

#include "driver/base/error.hpp"
#include "tests/simulator/cards.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

Bytes file(const char* path) {
  const auto& text = citizen_file().at("files").at(path).as_string();
  return *from_hex({text.data(), text.size()});
}

// What the length in the last two octets covers.
std::string content(const char* path) {
  const auto octets = file(path);
  const std::size_t length = octets[octets.size() - 2] + 256U * octets[octets.size() - 1];
  BOOST_REQUIRE(length + 2 <= octets.size());
  return to_hex(ByteView(octets).first(length));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_files_of_a_card)

BOOST_AUTO_TEST_CASE(directory_files_are_padded_up_to_their_length) {
  for (const char* path :
       {"3F00/5030/5032", "3F00/5030/4100", "3F00/5030/4101", "3F00/5030/4104", "3F00/5030/4107", "3F00/5030/4108"}) {
    const auto octets = file(path);
    const auto used = content(path).size() / 2;
    const auto padding = ByteView(octets).subspan(used, octets.size() - 2 - used);
    BOOST_REQUIRE(!padding.empty());
    BOOST_TEST((padding[0] == 0x00 || padding[0] == 0xFF), path);
    BOOST_TEST(std::all_of(padding.begin(), padding.end(), [&](auto octet) { return octet == padding[0]; }), path);
  }
}

BOOST_AUTO_TEST_CASE(the_label_in_token_info_is_explicitly_tagged) {
  // [0] { UTF8String "HiCOS PKI Smart Card" }
  BOOST_TEST(content("3F00/5030/5032").find("A0160C144869434F5320504B4920536D6172742043617264") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(directory_entries_point_to_the_certificates_in_their_usual_places) {
  const auto directory = content("3F00/5030/4104");
  for (const auto offset : {root_offset, issuing_offset, encryption_offset, signature_offset}) {
    const auto length = to_hex(Bytes{static_cast<std::uint8_t>(certificate_at(citizen_file(), offset).size() >> 8),
                                     static_cast<std::uint8_t>(certificate_at(citizen_file(), offset).size() & 0xFF)});
    const auto path = offset == 0 ? "300F04063F00503008F20201008002" + length
                                  : "301004063F00503008F20202" +
                                        to_hex(Bytes{static_cast<std::uint8_t>(offset >> 8), 0x00}) + "8002" + length;
    BOOST_TEST(directory.find(path) != std::string::npos, "offset " << offset);
  }
}

BOOST_AUTO_TEST_CASE(card_number_and_version_are_in_their_files) {
  const auto number = file("3F00/0900/0903");
  BOOST_TEST(number.size() == 16U);
  BOOST_TEST(std::all_of(number.begin(), number.end(), [](auto digit) { return digit >= '0' && digit <= '9'; }));
  BOOST_TEST(as_text(ByteView(file("3F00/0900/0905")).first(8)) == "CHT V32N");
}

BOOST_AUTO_TEST_CASE(the_modulus_is_stored_as_words_in_reversed_order) {
  Bytes modulus(256);
  for (std::size_t i = 0; i < modulus.size(); ++i) modulus[i] = static_cast<std::uint8_t>(i);
  const auto third = key_record(0x13, 2, modulus, 65537);
  const auto fourth = key_record(0x14, 3, modulus, 65537);
  BOOST_TEST(third.size() == 129U);
  BOOST_TEST(to_hex(ByteView(third).first(9)) == "13FCFDFEFFF8F9FAFB");
  BOOST_TEST(to_hex(ByteView(fourth).last(8)) == "0405060700010203");
  BOOST_TEST(to_hex(ByteView(key_record(0x11, 0, modulus, 65537)).first(5)) == "1100010001");
}

BOOST_AUTO_TEST_CASE(a_certificate_over_its_place_is_refused) {
  HicosContents contents;
  contents.signature = Bytes(certificate_slot_octets + 1);
  BOOST_CHECK_THROW(static_cast<void>(hicos_files(contents)), Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
