#include "portal/nhi/accounts.hpp"

#include "driver/crypto/digest.hpp"
#include "tests/portal/verification/refusal_check.hpp"

namespace twcard::portal::test {

using namespace std::chrono_literals;

namespace {

struct Fixture {
  Database database{":memory:"};
  NhiAccounts accounts{database, 1};
  Time now = std::chrono::system_clock::now();
  std::string card = "900000000001";

  void open(std::string_view password = "summer rain") {
    accounts.open(card, password, {"王小明", "0000111122223333", true}, now);
  }
  void is_wrong(std::string_view password = "winter rain") {
    check_refused(Reason::PasswordWrong, [&] { (void)accounts.check(card, password, now); });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(nhi_accounts, Fixture)

BOOST_AUTO_TEST_CASE(the_right_password_gives_the_holder_of_the_account) {
  open();
  const auto holder = accounts.check(card, "summer rain", now);
  BOOST_TEST(holder.name == "王小明");
  BOOST_TEST(holder.serial_number == "0000111122223333");
  BOOST_TEST(holder.simulated);
}

BOOST_AUTO_TEST_CASE(a_card_without_an_account_is_said) {
  check_refused(Reason::AccountMissing, [&] { (void)accounts.check("900000000002", "summer rain", now); });
}

BOOST_AUTO_TEST_CASE(five_wrong_passwords_in_a_row_stop_the_right_one_too_for_a_quarter_of_an_hour) {
  open();
  for (int i = 0; i < 5; ++i) is_wrong();
  check_refused(Reason::TooManyTries, [&] { (void)accounts.check(card, "summer rain", now); });
  now += 15min - 1s;
  check_refused(Reason::TooManyTries, [&] { (void)accounts.check(card, "summer rain", now); });
  now += 1s;
  BOOST_TEST(accounts.check(card, "summer rain", now).name == "王小明");
}

BOOST_AUTO_TEST_CASE(a_right_password_resets_the_count) {
  open();
  for (int i = 0; i < 4; ++i) is_wrong();
  (void)accounts.check(card, "summer rain", now);
  for (int i = 0; i < 4; ++i) is_wrong("");
  BOOST_TEST(accounts.check(card, "summer rain", now).simulated);
}

BOOST_AUTO_TEST_CASE(opening_again_replaces_password_and_holder) {
  open();
  accounts.open(card, "autumn leaves", {"陳美麗", "0000111122224444", false}, now);
  is_wrong("summer rain");
  BOOST_TEST(accounts.check(card, "autumn leaves", now).name == "陳美麗");
}

BOOST_AUTO_TEST_CASE(a_password_has_eight_to_sixty_four_printable_characters) {
  const std::string tab = "tab\tinside";
  for (const std::string& unfit :
       {std::string("seven77"), std::string(65, 'x'), tab, std::string("密碼密碼密碼"), std::string(9, '\0')})
    check_refused(Reason::PasswordUnfit, [&] { open(unfit); });
  for (const std::string& fit : {std::string("eight888"), std::string(64, '~'), std::string("with space")}) open(fit);
}

BOOST_AUTO_TEST_CASE(neither_card_number_nor_password_is_in_the_table) {
  open();
  auto row = database.prepare("SELECT hex(card), password FROM nhi_account");
  BOOST_REQUIRE(row.next());
  BOOST_TEST(row.text(0) == to_hex(crypto::sha256(as_bytes(card))));
  BOOST_TEST(row.text(1).find("summer") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_proof_is_used_once) {
  accounts.use_once(card, "00011234567890123456");
  accounts.use_once(card, "00011234567890123457");
  accounts.use_once("900000000002", "00011234567890123456");
  check_refused(Reason::ProofUsed, [&] { accounts.use_once(card, "00011234567890123456"); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
