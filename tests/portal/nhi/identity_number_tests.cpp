#include "portal/nhi/identity_number.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace twcard::portal::test {

BOOST_AUTO_TEST_SUITE(identity_number)

BOOST_AUTO_TEST_CASE(numbers_with_a_right_checksum_are_valid) {
  // Worked out by hand from the weights of docs/cards/nhi.md; letters out of the alphabet's order are among them.
  for (const auto* number : {"A123456789", "F131232216", "W100000001", "I234567895", "O198765438"}) {
    BOOST_TEST(is_identity_number(number), number);
  }
}

BOOST_AUTO_TEST_CASE(resident_numbers_of_both_forms_are_valid) {
  BOOST_TEST(is_identity_number("A800000014"));
  BOOST_TEST(is_identity_number("AC01234567"));
}

BOOST_AUTO_TEST_CASE(every_other_last_digit_is_wrong) {
  const std::string valid = "A123456789";
  for (char digit = '0'; digit < '9'; ++digit) BOOST_TEST(!is_identity_number(valid.substr(0, 9) + digit));
}

BOOST_AUTO_TEST_CASE(every_single_changed_digit_is_noticed_where_the_weight_allows) {
  // Weights 8, 6, 5, 4 and 2 share a factor with ten; 7, 3, 1 and 1 do not: there each change shows.
  const std::string valid = "A123456789";
  for (const std::size_t place : {2U, 6U, 8U, 9U}) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      auto changed = valid;
      changed[place] = digit;
      BOOST_TEST(is_identity_number(changed) == (changed == valid));
    }
  }
}

BOOST_AUTO_TEST_CASE(other_shapes_are_refused) {
  for (const auto* text : {"", "A12345678", "A1234567890", "a123456789", "1123456789", "A12345678X", "AAA3456789",
                           "A 23456789", "A12345é78"}) {
    BOOST_TEST(!is_identity_number(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
