#include "portal/store/session_store.hpp"

#include "tests/portal/verification/refusal_check.hpp"

#include <set>

namespace twcard::portal::test {

namespace {

using namespace std::chrono_literals;

struct Fixture {
  Database database{":memory:"};
  SessionStore sessions{database};
  ChallengeStore challenges{database};
  Time now = std::chrono::system_clock::now();
  CardHolder holder{"王小明", "0000111122223333", true};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(session_store, Fixture)

BOOST_AUTO_TEST_CASE(sessions_have_256_bits_that_never_repeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto id = sessions.start(now);
    BOOST_TEST(from_base64(id).value().size() == 32U);
    seen.insert(id);
  }
  BOOST_TEST(seen.size() == 100U);
}

BOOST_AUTO_TEST_CASE(nobody_is_signed_in_at_the_start) {
  const auto id = sessions.start(now);
  BOOST_TEST(sessions.exists(id, now));
  BOOST_TEST(!sessions.holder(id, now));
}

BOOST_AUTO_TEST_CASE(signing_in_gives_a_new_identifier_and_ends_the_old_one) {
  const auto before = sessions.start(now);
  const auto after = sessions.sign_in(before, holder, now);
  BOOST_TEST(before != after);
  BOOST_TEST(!sessions.exists(before, now));
  BOOST_TEST(sessions.holder(after, now).value().name == "王小明");
  BOOST_TEST(sessions.holder(after, now).value().simulated);
}

BOOST_AUTO_TEST_CASE(a_session_ends_by_logout_and_by_its_lifetime) {
  const auto first = sessions.sign_in(sessions.start(now), holder, now);
  BOOST_TEST(sessions.holder(first, now + session_lifetime - 1s).has_value());
  BOOST_TEST(!sessions.holder(first, now + session_lifetime));
  sessions.end(first);
  BOOST_TEST(!sessions.holder(first, now));
}

BOOST_AUTO_TEST_CASE(the_database_holds_no_identifier_that_signs_in) {
  const auto id = sessions.start(now);
  auto rows = database.prepare("SELECT count(*) FROM session WHERE key = ?");
  BOOST_REQUIRE(rows.bind(as_bytes(id)).next());
  BOOST_TEST(rows.number(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_flood_of_sessions_is_refused_and_passes_with_their_lifetime) {
  // Straight into the table: 20,000 identifiers would take the test seconds.
  database
      .prepare("INSERT INTO session (key, expires) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
               "WHERE i < ?) SELECT i, ? FROM n")
      .bind(max_sessions)
      .bind(std::int64_t{std::chrono::system_clock::to_time_t(now + session_lifetime)})
      .run();
  check_refused(Reason::Busy, [&] { (void)sessions.start(now); });
  BOOST_CHECK_NO_THROW((void)sessions.start(now + session_lifetime + 1s));
}

BOOST_AUTO_TEST_CASE(a_challenge_is_256_bits_and_works_once) {
  const auto session = sessions.start(now);
  const auto nonce = challenges.issue(session, now);
  BOOST_TEST(nonce.size() == 44U);
  BOOST_TEST(from_base64(nonce).value().size() == 32U);
  BOOST_TEST(challenges.consume(session, now) == nonce);
  check_refused(Reason::ChallengeMissing, [&] { (void)challenges.consume(session, now); });
}

BOOST_AUTO_TEST_CASE(a_challenge_lives_five_minutes_and_is_used_up_when_it_is_late) {
  const auto session = sessions.start(now);
  (void)challenges.issue(session, now);
  BOOST_CHECK_NO_THROW((void)challenges.consume(session, now + 5min - 1s));
  (void)challenges.issue(session, now);
  check_refused(Reason::ChallengeExpired, [&] { (void)challenges.consume(session, now + 5min); });
  check_refused(Reason::ChallengeMissing, [&] { (void)challenges.consume(session, now); });
}

BOOST_AUTO_TEST_CASE(a_challenge_belongs_to_its_session) {
  const auto session = sessions.start(now);
  const auto other = sessions.start(now);
  const auto nonce = challenges.issue(session, now);
  check_refused(Reason::ChallengeMissing, [&] { (void)challenges.consume(other, now); });
  BOOST_TEST(challenges.consume(session, now) == nonce);
}

BOOST_AUTO_TEST_CASE(a_new_challenge_replaces_the_earlier_one) {
  const auto session = sessions.start(now);
  const auto first = challenges.issue(session, now);
  const auto second = challenges.issue(session, now);
  BOOST_TEST(first != second);
  BOOST_TEST(challenges.consume(session, now) == second);
  check_refused(Reason::ChallengeMissing, [&] { (void)challenges.consume(session, now); });
}

BOOST_AUTO_TEST_CASE(a_challenge_ends_with_its_session) {
  const auto session = sessions.start(now);
  (void)challenges.issue(session, now);
  sessions.end(session);
  check_refused(Reason::ChallengeMissing, [&] { (void)challenges.consume(session, now); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
