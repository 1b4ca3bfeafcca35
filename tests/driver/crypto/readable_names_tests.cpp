#include "driver/crypto/readable_names.hpp"

#include "driver/crypto/x509.hpp"
#include "tests/driver/card/certificate/known_certificate.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace twcard::crypto {

namespace {

Bytes der_of(const X509_NAME* name) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509_NAME(name, &octets);
  Bytes der(octets, octets + size);
  OPENSSL_free(octets);
  return der;
}

// Of the certificate with other octets in place of the CN, a UTF8String of the same length.
std::string subject_with(std::uint8_t tag, const Bytes& name) {
  auto der = testing::known_certificate();
  const auto before = to_bytes(as_bytes("王小明"));
  BOOST_REQUIRE(name.size() == before.size());
  const auto at = std::find_end(der.begin(), der.end(), before.begin(), before.end()); // the issuer has it as well
  BOOST_REQUIRE(at != der.end());
  *(at - 2) = tag;
  std::copy(name.begin(), name.end(), at);
  const auto certificate = parse_x509(der);
  if (!certificate) return "not decoded";
  const auto text = text_of(X509_get_subject_name(certificate.get())).value_or("no text");
  const auto begin = text.find("CN=") + 3;
  return text.substr(begin, text.find(',', begin) - begin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(readable_names)

BOOST_AUTO_TEST_CASE(names_are_the_octets_of_the_certificate) {
  const auto der = testing::known_certificate();
  const auto certificate = parse_x509(der);
  const auto names = names_in(der).value();
  BOOST_TEST(to_bytes(names.subject) == der_of(X509_get_subject_name(certificate.get())),
             boost::test_tools::per_element());
  BOOST_TEST(to_bytes(names.issuer) == der_of(X509_get_issuer_name(certificate.get())),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_openssl_refuses_is_read_all_the_same) {
  constexpr std::uint8_t utf8_string = 0x0C;
  constexpr std::uint8_t universal_string = 0x1C;
  constexpr std::uint8_t bmp_string = 0x1E;
  const std::string mark = "\xEF\xBF\xBD";
  BOOST_TEST(subject_with(utf8_string, to_bytes(as_bytes("王小明"))) == "王小明");
  BOOST_TEST(subject_with(utf8_string, *from_hex("E78E8BFFE6988E4141")) == "王" + mark + "明AA");
  // D842 DFB7 is U+20BB7; D842 alone, and the odd octet at the end, are nothing.
  BOOST_TEST(subject_with(bmp_string, *from_hex("D842DFB7D842004100")) == "\U00020BB7" + mark + "A" + mark);
  BOOST_TEST(subject_with(bmp_string, *from_hex("DFB70041D842DFB700")) == mark + "A\U00020BB7" + mark);
  BOOST_TEST(subject_with(universal_string, *from_hex("00020BB70011000000")) == "\U00020BB7" + mark + mark);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_certificate_has_no_names) {
  const auto whole = testing::known_certificate();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    BOOST_TEST(!names_in(ByteView(whole).first(size)).has_value());
    BOOST_TEST(!with_readable_names(ByteView(whole).first(size)).has_value());
  }
  for (const auto* octets : {"3000", "30800000", "300430003000", "3006300030003000", "1F8101", "308301000000"})
    BOOST_TEST(!with_readable_names(*from_hex(octets)).has_value(), octets);
}

BOOST_AUTO_TEST_CASE(no_changed_octet_leads_astray) {
  const auto whole = testing::known_certificate();
  for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 400); ++at)
    for (const auto value : Bytes{0x00, 0x30, 0x7F, 0x80, 0x82, 0xFF}) {
      auto changed = whole;
      changed[at] = value;
      if (const auto copy = with_readable_names(changed)) BOOST_TEST(copy->size() < 3 * whole.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::crypto
