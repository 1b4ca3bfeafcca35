#include "simulator/readers/card_timing.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(card_timing)

BOOST_AUTO_TEST_CASE(a_card_answers_at_once_by_default) {
  BOOST_TEST(CardTiming::parse("none").none());
  BOOST_TEST(CardTiming().none());
  BOOST_CHECK(CardTiming::parse("none").of_exchange(261, 258, 1) == 0us);
}

BOOST_AUTO_TEST_CASE(both_values_have_a_usual_one) {
  const auto real = CardTiming::parse("real");
  BOOST_TEST(real.line == 9600U);
  BOOST_CHECK(real.private_operation == 300ms);
  const auto faster = CardTiming::parse("real:line=38400");
  BOOST_TEST(faster.line == 38400U);
  BOOST_CHECK(faster.private_operation == 300ms);
  const auto both = CardTiming::parse("real:rsa=0,line=115200");
  BOOST_TEST(both.line == 115200U);
  BOOST_CHECK(both.private_operation == 0ms);
}

BOOST_AUTO_TEST_CASE(an_exchange_takes_its_characters_and_the_operation) {
  // 11000 bit/s: a character a millisecond. SELECT: 7 octets and 2, in a block of 4 more each.
  const auto timing = CardTiming::parse("real:line=11000,rsa=250");
  BOOST_CHECK(timing.of_exchange(7, 2, 0) == 17ms);
  BOOST_CHECK(timing.of_exchange(133, 130, 1) == 133ms + 130ms + 8ms + 250ms);
  // 255 octets are two blocks, the first of which is acknowledged.
  BOOST_CHECK(timing.of_exchange(5, 254, 0) == 5ms + 254ms + 8ms);
  BOOST_CHECK(timing.of_exchange(5, 255, 0) == 5ms + 255ms + 16ms);
}

BOOST_AUTO_TEST_CASE(an_unknown_timing_is_refused) {
  for (const char* text : {"", "fast", "real:", "real,", "real:line", "real:line=", "real:line=0", "real:line=-1",
                           "real:line=9600,", "real:line=10000001", "real:rsa=60001", "real:rsa=1s", "real:speed=1"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(CardTiming::parse(text)), Error,
                          [](const Error& error) { return error.code() == Errc::BadRequest; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
