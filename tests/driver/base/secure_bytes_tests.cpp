#include "driver/base/secure_bytes.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard {

using testing::has_code;

BOOST_AUTO_TEST_SUITE(secure_bytes)

BOOST_AUTO_TEST_CASE(new_memory_is_zero) {
  const SecureBytes octets(5000);
  BOOST_TEST(octets.size() == 5000U);
  for (const auto octet : octets.view()) BOOST_REQUIRE(octet == 0);
}

BOOST_AUTO_TEST_CASE(a_move_leaves_nothing_behind) {
  auto from = SecureBytes::copy_of(as_bytes("secret"));
  const auto to = std::move(from);
  BOOST_TEST(from.empty()); // NOLINT(bugprone-use-after-move): that is the question
  BOOST_TEST(as_text(to.view()) == "secret");
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_is_wiped) {
  auto octets = SecureBytes::copy_of(as_bytes("secret"));
  const auto* memory = octets.data();
  octets.truncate(3);
  BOOST_TEST(as_text(octets.view()) == "sec");
  for (int i = 3; i < 6; ++i) BOOST_TEST(memory[i] == 0);
  octets.truncate(100);
  BOOST_TEST(octets.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_forked_child_sees_zeros) {
  const auto octets = SecureBytes::copy_of(as_bytes("secret"));
  const auto child = ::fork();
  if (child == 0) ::_exit(octets.data()[0] == 0 ? 0 : 1);
  int status = -1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_pin_of_impossible_form_is_refused) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(Pin::take(SecureBytes())), Error, has_code(Errc::PinLength));
  BOOST_CHECK_EXCEPTION(static_cast<void>(Pin::take(SecureBytes(1))), Error, has_code(Errc::PinLength));
  auto long_one = SecureBytes(65);
  std::fill(long_one.span().begin(), long_one.span().end(), std::uint8_t{'1'});
  BOOST_CHECK_EXCEPTION(static_cast<void>(Pin::take(std::move(long_one))), Error, has_code(Errc::PinLength));
  BOOST_TEST(Pin::take(SecureBytes::copy_of(as_bytes("1"))).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
