// How often an origin may ask, alone, and before the person of a service.
#include "daemon/card/person/prompt_rate.hpp"

#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr const char* other_site = "https://other.test";

struct Rate {
  PromptRate rate;
  PromptRate::Time now{1h};
  void note(PromptOutcome outcome) { rate.note(site, outcome, now); }
  [[nodiscard]] bool may_ask(const char* origin = site) const { return rate.may_ask(origin, now); }
};

struct Fixture : ServiceFixture {
  rpc::Client page = connect();
  Fixture() { insert(reader_a, health_card()); }
  Error refusal(const char* origin = site) {
    return error_of([&] { page.call("nhi.read", {{"origin", origin}, {"fields", {"name"}}}); });
  }
  [[nodiscard]] std::size_t asked() const { return prompt->questions().size(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(prompt_rate, Rate)

BOOST_AUTO_TEST_CASE(two_refusals_silence_an_origin_for_five_minutes) {
  note(PromptOutcome::Refused);
  BOOST_TEST(may_ask());
  note(PromptOutcome::Refused);
  BOOST_TEST(!may_ask());
  BOOST_TEST(may_ask(other_site));
  now += 4min + 59s;
  BOOST_TEST(!may_ask());
  now += 1s;
  BOOST_TEST(may_ask());
}

BOOST_AUTO_TEST_CASE(a_consent_between_two_refusals_clears_the_first) {
  note(PromptOutcome::Refused);
  note(PromptOutcome::Agreed);
  note(PromptOutcome::Refused);
  BOOST_TEST(may_ask());
}

BOOST_AUTO_TEST_CASE(refusals_far_apart_do_not_add_up) {
  note(PromptOutcome::Refused);
  now += 5min;
  note(PromptOutcome::Refused);
  BOOST_TEST(may_ask());
}

BOOST_AUTO_TEST_CASE(three_questions_without_an_answer_in_a_minute_are_enough) {
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(may_ask());
    note(PromptOutcome::Unanswered);
    now += 10s;
  }
  BOOST_TEST(!may_ask());
  now += 29s;
  BOOST_TEST(!may_ask());
  now += 1s; // the first one is a minute old
  BOOST_TEST(may_ask());
}

BOOST_AUTO_TEST_CASE(consents_are_not_counted) {
  for (int i = 0; i < 100; ++i) note(PromptOutcome::Agreed);
  BOOST_TEST(may_ask());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(prompts_of_an_origin, Fixture)

BOOST_AUTO_TEST_CASE(after_two_refusals_the_person_is_not_shown_a_third_question) {
  prompt->answer(ScriptedPrompt::Refuse{});
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  BOOST_TEST(name_of(refusal().code()) == "user_denied");
  BOOST_TEST(name_of(refusal().code()) == "user_cancelled");
  const auto silenced = refusal();
  BOOST_TEST(name_of(silenced.code()) == "user_denied");
  BOOST_TEST(std::string(silenced.what()).starts_with("origin: "));
  BOOST_TEST(asked() == 2U);
}

BOOST_AUTO_TEST_CASE(other_origins_and_programs_are_asked_all_the_same) {
  for (int i = 0; i < 2; ++i) prompt->answer(ScriptedPrompt::Refuse{});
  for (int i = 0; i < 2; ++i) static_cast<void>(refusal());
  static_cast<void>(page.call("nhi.read", {{"origin", other_site}, {"fields", {"name"}}}));
  static_cast<void>(page.call("nhi.read", {{"fields", {"name"}}}));
  BOOST_TEST(asked() == 4U);
}

BOOST_AUTO_TEST_CASE(a_question_that_waits_for_its_turn_is_not_shown_once_the_origin_is_silent) {
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  auto program = std::async(std::launch::async, [this] { call("nhi.read", {{"fields", {"name"}}}); });
  BOOST_TEST(prompt->wait_for_questions(1));
  for (int i = 0; i < 2; ++i) prompt->answer(ScriptedPrompt::Refuse{});
  std::vector<std::future<Error>> refused;
  for (int i = 0; i < 4; ++i)
    refused.push_back(std::async(std::launch::async, [this] {
      auto another = connect();
      return error_of([&] { another.call("nhi.read", {{"origin", site}, {"fields", {"name"}}}); });
    }));
  prompt->release();
  program.get();
  for (auto& each : refused) BOOST_TEST(name_of(each.get().code()) == "user_denied");
  BOOST_TEST(asked() == 3U);
}

BOOST_AUTO_TEST_CASE(a_page_that_makes_questions_flash_up_is_stopped_after_three) {
  for (std::size_t i = 1; i <= 3; ++i) {
    prompt->answer(ScriptedPrompt::LeaveOpen{});
    {
      rpc::testing::RawConnection gone(socket());
      gone.send_json(std::string(R"({"jsonrpc":"2.0","id":1,"method":"nhi.read","params":{"origin":")") + site +
                     R"(","fields":["name"]}})");
      BOOST_REQUIRE(prompt->wait_for_questions(i));
    }
    BOOST_REQUIRE(prompt->wait_for_closed(i));
  }
  BOOST_TEST(name_of(refusal().code()) == "user_denied");
  BOOST_TEST(asked() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
