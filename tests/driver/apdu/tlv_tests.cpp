#include "driver/apdu/tlv.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

namespace {

// The first object of `hex`, whose octets outlive it.
struct First {
  explicit First(std::string_view hex) : octets(*from_hex(hex)), object(TlvReader(octets).next()) {}
  Bytes octets;
  std::optional<Tlv> object;
};

} // namespace

BOOST_AUTO_TEST_SUITE(tlv)

BOOST_AUTO_TEST_CASE(objects_come_one_after_the_other) {
  const auto octets = *from_hex("0401AA300302010B");
  TlvReader reader(octets);
  const auto first = reader.next();
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->tag == 0x04U);
  BOOST_TEST(to_hex(first->value) == "AA");
  BOOST_TEST(!first->constructed());
  const auto second = reader.expect(0x30);
  BOOST_TEST(second.constructed());
  BOOST_TEST(to_hex(second.encoded) == "300302010B");
  BOOST_TEST(to_hex(reader.inside(second).expect(0x02).value) == "0B");
  BOOST_TEST(!reader.next().has_value());
}

BOOST_AUTO_TEST_CASE(long_tags_and_lengths_are_read) {
  BOOST_TEST(First("7F490100").object->tag == 0x7F49U);
  BOOST_TEST(First("5F81820100").object->tag == 0x5F818201U);
  BOOST_TEST(First("048101AA").object->value.size() == 1U);
  BOOST_TEST(First("048400000001AA").object->value.size() == 1U);
  BOOST_TEST(First("0482012C" + std::string(600, 'A')).object->value.size() == 300U);
}

BOOST_AUTO_TEST_CASE(malformed_objects_are_the_cards_fault) {
  const std::pair<const char*, const char*> cases[] = {{"04", "no length"},
                                                       {"0402AA", "length past the end"},
                                                       {"30800201010000", "indefinite length"},
                                                       {"0485000000000101", "length of five octets"},
                                                       {"0482", "cut length"},
                                                       {"7F", "cut tag"},
                                                       {"7F8182838401AA", "tag of five octets"},
                                                       {"0484FFFFFFFFAA", "length of 4 GiB"}};
  for (const auto& [hex, what] : cases) {
    BOOST_TEST_CONTEXT(what)
    BOOST_CHECK_EXCEPTION(First{hex}, Error, has_code(Errc::BadCardData));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_or_other_object_is_not_what_was_expected) {
  const auto octets = *from_hex("020101");
  BOOST_CHECK_EXCEPTION(static_cast<void>(TlvReader(octets).expect(0x30)), Error, has_code(Errc::BadCardData));
  BOOST_CHECK_EXCEPTION(static_cast<void>(TlvReader(ByteView()).expect(0x30)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(primitive_objects_have_no_inside) {
  const First primitive("0403020101");
  BOOST_CHECK_EXCEPTION(static_cast<void>(TlvReader(primitive.octets).inside(*primitive.object)), Error,
                        has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_eight_levels) {
  Bytes octets;
  for (int i = 0; i < 20; ++i) {
    octets.insert(octets.begin(), {0x30, static_cast<std::uint8_t>(octets.size())});
  }
  TlvReader reader(octets);
  unsigned levels = 0;
  const auto descend = [&] {
    while (const auto object = reader.next()) {
      reader = reader.inside(*object);
      ++levels;
    }
  };
  BOOST_CHECK_EXCEPTION(descend(), Error, has_code(Errc::BadCardData));
  BOOST_TEST(levels == TlvReader::max_depth);
}

BOOST_AUTO_TEST_CASE(the_size_of_an_object_is_known_from_its_first_octets) {
  BOOST_CHECK(size_of_tlv(*from_hex("30820456")) == 4U + 0x456U);
  BOOST_CHECK(size_of_tlv(*from_hex("0403AABBCCDD")) == 5U);
  for (const auto* hex : {"", "30", "3082", "308204", "7F"}) BOOST_TEST(!size_of_tlv(*from_hex(hex)).has_value(), hex);
  BOOST_CHECK_EXCEPTION(static_cast<void>(size_of_tlv(*from_hex("3080"))), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
