// A program that is logged in through PKCS#11, while another one has its own ideas about the card.
#include "bench/module_user.hpp"
#include "tests/system/other_program.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace twcard;
using namespace twcard::tests;

namespace {

struct LoggedIn {
  LoggedIn() {
    person("approve");
    remove_card(0);
    remove_card(1);
    insert_card(0, stack_file("hicos.json"));
    program.emplace(stack_variable("TWCARD_PKCS11_MODULE"), stack_variable("TWCARD_TEST_PIN"));
  }
  std::optional<bench::ModuleSigner> program;
};

std::uint64_t lost_tries() {
  const auto counters = boost::json::parse(run("twcard-sim counters 0 --json"));
  return counters.at("total").at("failed_verifies").to_number<std::uint64_t>();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(module_logins, LoggedIn)

BOOST_AUTO_TEST_CASE(a_login_survives_another_programs_resets) {
  OtherProgram other(0);
  const auto tries = lost_tries();
  for (int i = 0; i < 5; ++i) {
    BOOST_CHECK_NO_THROW((void)program->sign());
    other.reset(); // waits for the end of the burst
    BOOST_CHECK_NO_THROW((void)program->sign());
  }
  BOOST_TEST(lost_tries() == tries);
}

BOOST_AUTO_TEST_CASE(another_programs_reset_and_commands_find_the_card_without_a_login) {
  OtherProgram other(0);
  BOOST_CHECK_NO_THROW((void)program->sign());
  other.reset();
  BOOST_TEST(other.try_private_operation().value() == 0x6982);
  BOOST_CHECK_NO_THROW((void)program->sign());
  BOOST_TEST(other.try_private_operation().value() == 0x6982);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_put_back_has_to_be_logged_in_to_again) {
  remove_card(0);
  insert_card(0, stack_file("hicos.json"));
  BOOST_CHECK_THROW((void)program->sign(), std::runtime_error);
  program.emplace(stack_variable("TWCARD_PKCS11_MODULE"), stack_variable("TWCARD_TEST_PIN"));
  BOOST_CHECK_NO_THROW((void)program->sign());
}

BOOST_AUTO_TEST_SUITE_END()
