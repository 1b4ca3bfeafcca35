#include "driver/card/certificate/fingerprint.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::card {

BOOST_AUTO_TEST_SUITE(fingerprint)

BOOST_AUTO_TEST_CASE(what_is_kept_is_read_again) {
  const CertificateFingerprint known{Bytes(700, 0x30), {{0x1815, Bytes(8, 0x11)}, {0, Bytes{0x22}}}};
  const auto octets = known.to_octets();
  const auto read = CertificateFingerprint::from_octets(octets).value();
  BOOST_TEST(read.directory == known.directory, boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(read.ends.size() == 2U);
  BOOST_TEST(read.ends[0].place == 0x1815U);
  BOOST_TEST(to_hex(read.ends[0].octets) == "1111111111111111");
  BOOST_TEST(read.ends[1].place == 0U);
  BOOST_TEST(to_hex(read.ends[1].octets) == "22");
}

BOOST_AUTO_TEST_CASE(other_octets_are_no_fingerprint) {
  // The first three: nothing, half a length, and a directory alone, as earlier versions have kept it.
  for (const auto* octets : {"", "00", "302D300C0A", "0002AA", "000000", "00000000", "0000000000", "000000000900",
                             "0000000002AA", "000000000000"})
    BOOST_TEST(!CertificateFingerprint::from_octets(*from_hex(octets)).has_value(), octets);
  BOOST_TEST(CertificateFingerprint::from_octets(*from_hex("0001AA")).has_value());
}

BOOST_AUTO_TEST_CASE(all_ends_together_cost_less_than_300_octets) {
  // SELECT 7 or 8, its answer up to 12, READ BINARY 5, status 2, and 8 for the frames of each command.
  for (std::size_t count = 1; count <= 16; ++count) {
    BOOST_TEST(end_octets(count) >= 2U);
    BOOST_TEST(28 + count * (15 + end_octets(count)) <= 300U, count);
  }
  BOOST_TEST(end_octets(5) == 8U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
