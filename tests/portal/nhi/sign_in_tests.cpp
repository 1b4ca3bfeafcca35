#include "tests/portal/nhi/old_component.hpp"
#include "tests/portal/site_fixture.hpp"
#include "tests/portal/verification/refusal_check.hpp"

#include <algorithm>
#include <fstream>

namespace twcard::portal::test {

using namespace std::chrono_literals;

namespace {

const std::string card = "900000000001";
const std::string password = "Summer-rain1";

struct Fixture : SiteFixture {
  // What twcardd gives for the challenge, in a page of `origin`.
  [[nodiscard]] boost::json::object proof_for(std::string_view challenge, std::string_view of = origin) const {
    return insurer.proof(card, bound_challenge(of, challenge));
  }
  [[nodiscard]] std::string signed_in() {
    const auto challenge = party.challenge({});
    return party.login(challenge.session, id_number, token_for(challenge.nonce)).session;
  }
  void open_account(const std::string& with = password) {
    const auto session = signed_in();
    party.open_nhi_account(session, proof_for(party.challenge(session).nonce), with);
  }
  RelyingParty::Login login(std::string_view with = password) {
    const auto challenge = party.challenge({});
    return party.nhi_login(challenge.session, proof_for(challenge.nonce), with);
  }
  // As the old component's page sends it.
  RelyingParty::Login old_login(const std::string& drawn, const std::string& with = password) {
    return party.old_nhi_login({}, insurer.proof(card, "0001" + drawn), old_component_encrypts(with, card, now));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(nhi_sign_in, Fixture)

BOOST_AUTO_TEST_CASE(card_and_password_sign_in_whoever_opened_the_account) {
  open_account();
  const auto done = login();
  BOOST_TEST(done.holder.name == "王小明");
  BOOST_TEST(party.holder(done.session).value().serial_number == "0000111122223333");
}

BOOST_AUTO_TEST_CASE(an_account_is_opened_by_a_signed_in_user_with_the_card) {
  const auto challenge = party.challenge({});
  check_refused(Reason::NotSignedIn,
                [&] { party.open_nhi_account(challenge.session, proof_for(challenge.nonce), password); });
  const auto session = signed_in();
  const auto nonce = party.challenge(session).nonce;
  check_refused(Reason::SignatureInvalid, [&] {
    party.open_nhi_account(session, TestInsurer().proof(card, bound_challenge(origin, nonce)), password);
  });
  check_refused(Reason::AccountMissing, [&] { (void)login(); });
}

BOOST_AUTO_TEST_CASE(a_proof_of_another_site_or_another_challenge_does_not_sign_in) {
  open_account();
  const auto mine = party.challenge({});
  check_refused(Reason::SignatureInvalid,
                [&] { (void)party.nhi_login(mine.session, proof_for(mine.nonce, "https://evil.test"), password); });
  const auto next = party.challenge({});
  check_refused(Reason::SignatureInvalid,
                [&] { (void)party.nhi_login(next.session, proof_for(mine.nonce), password); });
}

BOOST_AUTO_TEST_CASE(a_login_that_fails_uses_its_challenge_up) {
  open_account();
  const auto challenge = party.challenge({});
  check_refused(Reason::ProofMalformed, [&] { (void)party.nhi_login(challenge.session, nullptr, password); });
  check_refused(Reason::ChallengeMissing,
                [&] { (void)party.nhi_login(challenge.session, proof_for(challenge.nonce), password); });
}

BOOST_AUTO_TEST_CASE(a_proof_works_once_and_for_five_minutes) {
  open_account();
  const auto challenge = party.challenge({});
  const auto proof = proof_for(challenge.nonce);
  (void)party.nhi_login(challenge.session, proof, password);
  check_refused(Reason::ChallengeMissing, [&] { (void)party.nhi_login(challenge.session, proof, password); });
  const auto late = party.challenge({});
  now += 5min;
  check_refused(Reason::ChallengeExpired,
                [&] { (void)party.nhi_login(late.session, proof_for(late.nonce), password); });
}

BOOST_AUTO_TEST_CASE(a_wrong_password_signs_nobody_in) {
  open_account();
  check_refused(Reason::PasswordWrong, [&] { (void)login("Winter-rain1"); });
  check_refused(Reason::PasswordWrong, [&] { (void)login(""); });
}

BOOST_AUTO_TEST_CASE(the_old_components_answers_sign_in_once) {
  open_account();
  BOOST_TEST(old_login("1234567890123456").holder.name == "王小明");
  check_refused(Reason::ProofUsed, [&] { (void)old_login("1234567890123456"); });
  BOOST_TEST(old_login("1234567890123457").holder.simulated);
}

BOOST_AUTO_TEST_CASE(a_wrong_or_undecipherable_old_password_signs_nobody_in_and_counts) {
  open_account();
  check_refused(Reason::PasswordWrong, [&] { (void)old_login("1000000000000001", "Winter-rain1"); });
  int drawn = 2000;
  for (const auto* encrypted : {"", "00", "00000000000000000000000000000000", "zz"}) {
    const auto proof = insurer.proof(card, "0001" + std::to_string(++drawn) + "000000000000");
    check_refused(Reason::PasswordWrong, [&] { (void)party.old_nhi_login({}, proof, encrypted); });
  }
  check_refused(Reason::TooManyTries, [&] { (void)old_login("1000000000000002"); });
}

BOOST_AUTO_TEST_CASE(an_old_password_of_yesterday_by_the_visitors_clock_is_understood) {
  open_account();
  const auto yesterday = old_component_encrypts(password, card, now - 24h);
  BOOST_TEST(party.old_nhi_login({}, insurer.proof(card, "00015555555555555555"), yesterday).holder.simulated);
  const auto older = old_component_encrypts(password, card, now - 72h);
  check_refused(Reason::PasswordWrong,
                [&] { (void)party.old_nhi_login({}, insurer.proof(card, "00016666666666666666"), older); });
}

BOOST_AUTO_TEST_CASE(an_old_proof_that_the_insurer_has_not_signed_is_refused) {
  open_account();
  auto proof = insurer.proof(card, "00011234567890123456");
  proof["signed"] = "00011234567890123457";
  check_refused(Reason::SignatureInvalid,
                [&] { (void)party.old_nhi_login({}, proof, old_component_encrypts(password, card, now)); });
}

BOOST_AUTO_TEST_CASE(the_journal_tells_how_people_signed_in_and_nothing_about_them) {
  open_account();
  (void)login();
  (void)old_login("1234567890123456");
  const auto lines = journal();
  for (const auto* event : {"nhi_account_opened", "nhi_login_verified", "old_nhi_login_verified"})
    BOOST_TEST(lines.find("{\"event\":\"" + std::string(event) + "\"") != std::string::npos, event);
  for (const auto* personal : {"王小明", "900000000001", "Summer"})
    BOOST_TEST(lines.find(personal) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_an_insurers_key_there_is_no_such_sign_in) {
  RelyingParty plain{{origin, authority.write_to(folder), ":memory:", {}, [this] { return now; }, {}}};
  BOOST_TEST(!plain.takes_nhi_cards());
  BOOST_TEST(!plain.has_old_page());
  const auto challenge = plain.challenge({});
  check_refused(Reason::NotFound,
                [&] { (void)plain.nhi_login(challenge.session, proof_for(challenge.nonce), password); });
  check_refused(Reason::NotFound, [&] { plain.open_nhi_account(challenge.session, nullptr, password); });
  check_refused(Reason::NotFound, [&] { (void)plain.old_nhi_login({}, nullptr, ""); });
}

BOOST_AUTO_TEST_CASE(a_profile_without_the_keys_is_refused) {
  for (const char* text : {"", "[]", "{}", R"({"password_key":"00","password_suffix":"74657374"})",
                           R"({"password_key":"7477636172642D73696D206C696E6B206B65792031202E2E"})"}) {
    std::ofstream(folder.file("bad.json")) << text;
    BOOST_CHECK_THROW(NhiiccPasswords{folder.file("bad.json")}, std::runtime_error);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
