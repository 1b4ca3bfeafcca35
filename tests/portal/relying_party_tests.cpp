#include "portal/relying_party.hpp"

#include "tests/portal/site_fixture.hpp"
#include "tests/portal/verification/refusal_check.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

namespace twcard::portal::test {

using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(relying_party, SiteFixture)

BOOST_AUTO_TEST_CASE(a_signed_challenge_signs_the_holder_in) {
  const auto challenge = party.challenge({});
  const auto login = party.login(challenge.session, id_number, token_for(challenge.nonce));
  BOOST_TEST(login.holder.name == "王小明");
  BOOST_TEST(login.session != challenge.session);
  BOOST_TEST(party.holder(login.session).value().serial_number == "0000111122223333");
  BOOST_TEST(!party.holder(challenge.session));
}

BOOST_AUTO_TEST_CASE(a_token_works_once) {
  const auto challenge = party.challenge({});
  const auto token = token_for(challenge.nonce);
  (void)party.login(challenge.session, id_number, token);
  check_refused(Reason::ChallengeMissing, [&] { (void)party.login(challenge.session, id_number, token); });
}

BOOST_AUTO_TEST_CASE(a_login_that_fails_uses_its_challenge_up) {
  const auto fails = [&](Reason reason, std::string_view typed, const boost::json::value& token) {
    const auto challenge = party.challenge({});
    check_refused(reason, [&] { (void)party.login(challenge.session, typed, token); });
    check_refused(Reason::ChallengeMissing,
                  [&] { (void)party.login(challenge.session, id_number, token_for(challenge.nonce)); });
  };
  fails(Reason::TokenMalformed, id_number, nullptr);
  fails(Reason::SignatureInvalid, id_number, token_for("another nonce"));
  fails(Reason::IdNumberInvalid, "A123456788", nullptr);
}

BOOST_AUTO_TEST_CASE(a_challenge_of_another_session_is_refused) {
  const auto mine = party.challenge({});
  const auto theirs = party.challenge({});
  BOOST_TEST(mine.session != theirs.session);
  check_refused(Reason::SignatureInvalid, [&] { (void)party.login(mine.session, id_number, token_for(theirs.nonce)); });
}

BOOST_AUTO_TEST_CASE(a_login_after_five_minutes_is_late) {
  const auto challenge = party.challenge({});
  now += 5min;
  check_refused(Reason::ChallengeExpired,
                [&] { (void)party.login(challenge.session, id_number, token_for(challenge.nonce)); });
}

BOOST_AUTO_TEST_CASE(an_id_number_of_somebody_else_does_not_sign_in) {
  const auto challenge = party.challenge({});
  check_refused(Reason::IdMismatch,
                [&] { (void)party.login(challenge.session, "F131232216", token_for(challenge.nonce)); });
  BOOST_TEST(journal().empty());
}

BOOST_AUTO_TEST_CASE(a_session_is_kept_for_the_next_challenge_and_an_unknown_one_is_not_adopted) {
  const auto first = party.challenge({});
  BOOST_TEST(party.challenge(first.session).session == first.session);
  BOOST_TEST(party.challenge("planted by another site").session != "planted by another site");
}

BOOST_AUTO_TEST_CASE(a_form_needs_a_login_and_logout_ends_it) {
  const auto form = boost::json::parse(R"({"cardNumber":"000012345678","name":"王小明","idNumber":"A123456789",
    "birthDate":"1996-01-02","sex":"F","issueDate":"2020-12-31"})");
  const auto challenge = party.challenge({});
  check_refused(Reason::NotSignedIn, [&] { (void)party.accept_nhi_form(challenge.session, form); });
  const auto login = party.login(challenge.session, id_number, token_for(challenge.nonce));
  BOOST_TEST(party.accept_nhi_form(login.session, form).size() == 10U);
  party.logout(login.session);
  check_refused(Reason::NotSignedIn, [&] { (void)party.accept_nhi_form(login.session, form); });
}

BOOST_AUTO_TEST_CASE(the_journal_counts_what_was_verified_and_tells_nothing_about_people) {
  const auto challenge = party.challenge({});
  const auto login = party.login(challenge.session, id_number, token_for(challenge.nonce));
  (void)party.accept_nhi_form(login.session, boost::json::parse(R"({"cardNumber":"000012345678","name":"王小明",
    "idNumber":"A123456789","birthDate":"1996-01-02","sex":"F","issueDate":"2020-12-31"})"));
  const auto lines = journal();
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 2);
  BOOST_TEST(lines.find(R"({"event":"login_verified")") == 0U);
  BOOST_TEST(lines.find(R"("simulated":true)") != std::string::npos);
  BOOST_TEST(lines.find("{\"event\":\"nhi_form_accepted\"") != std::string::npos);
  for (const auto* personal : {"王小明", "A123456789", "6789", "0000111122223333", "000012345678", "1996"}) {
    BOOST_TEST(lines.find(personal) == std::string::npos, personal);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
