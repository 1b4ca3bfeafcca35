// Consent and prompts: nothing happens before the person has answered, and nothing is left when nobody waits any more.
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;
using rpc::testing::RawConnection;

namespace {

json::object login(const char* origin = site) {
  return {{"origin", origin}, {"nonce", nonce}};
}

std::string login_request() {
  return std::string(R"({"jsonrpc":"2.0","id":1,"method":"authenticate","params":{"origin":")") + site +
         R"(","nonce":")" + nonce + R"("}})";
}

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  Fixture() {
    insert(reader_a, card);
    card->reset_counters();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(prompts, Fixture)

BOOST_AUTO_TEST_CASE(a_refused_consent_costs_no_apdu_and_asks_for_no_pin) {
  for (const char* method : {"authenticate", "certificates"}) {
    prompt->answer(ScriptedPrompt::Refuse{});
    auto params = login();
    if (method == std::string("certificates")) params.erase("nonce");
    CHECK_ERROR(call(method, params), Errc::ConsentDenied);
  }
  BOOST_TEST(prompt->questions().size() == 2U);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_refused_page_learns_nothing_of_cards_and_readers) {
  // The same answer with a card, without one, and with no service behind the readers.
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(call("authenticate", login()), Errc::ConsentDenied);
  remove(reader_a);
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(call("authenticate", login()), Errc::ConsentDenied);
  readers.set_pcsc_running(false);
  wait_for_event("pcsc_lost");
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(call("authenticate", login("https://other.test")), Errc::ConsentDenied);
  BOOST_TEST(prompt->questions().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_closed_prompt_is_user_cancelled_at_either_question) {
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  CHECK_ERROR(call("authenticate", login()), Errc::Cancelled);
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  CHECK_ERROR(call("authenticate", login()), Errc::Cancelled);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(errors_of_the_prompt_are_passed_on) {
  for (const auto code : {Errc::Timeout, Errc::PromptUnavailable}) {
    prompt->answer(ScriptedPrompt::Fail{code});
    CHECK_ERROR(call("authenticate", login()), code);
  }
  prompt->answer(ScriptedPrompt::Fail{Errc::BadRequest}); // a fault of ours, not of the caller's
  CHECK_ERROR(call("authenticate", login()), Errc::Internal);
}

BOOST_AUTO_TEST_CASE(without_a_prompt_service_there_is_an_error_of_its_own) {
  prompt.reset();
  CHECK_ERROR(call("authenticate", login()), Errc::PromptUnavailable);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_closes_its_prompt_and_touches_no_card) {
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  {
    RawConnection page(socket());
    page.send_json(login_request());
    BOOST_REQUIRE(prompt->wait_for_questions(1));
  }
  BOOST_TEST(prompt->wait_for_closed(1));
  BOOST_CHECK_NO_THROW(call("authenticate", login()));
  BOOST_TEST(prompt->questions().size() == 3U);
  BOOST_TEST(card->counters().verifies == 1U);
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_while_it_is_asked_for_the_pin_sends_none) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  {
    RawConnection page(socket());
    page.send_json(login_request());
    BOOST_REQUIRE(prompt->wait_for_questions(2));
  }
  BOOST_TEST(prompt->wait_for_closed(1));
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_queued_prompt_of_a_page_that_goes_away_is_never_shown) {
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  RawConnection first(socket());
  first.send_json(login_request());
  BOOST_REQUIRE(prompt->wait_for_questions(1));
  {
    RawConnection second(socket());
    second.send_json(login_request());
    // Answered in order: once this one is through, the request before it has been taken up.
    second.send_json(R"({"jsonrpc":"2.0","id":2,"method":"status"})");
    BOOST_REQUIRE(!second.receive().json.empty());
  }
  BOOST_CHECK_NO_THROW(call("status"));
  prompt->release();
  BOOST_TEST(!first.receive().json.empty());
  BOOST_CHECK_NO_THROW(call("authenticate", login()));
  BOOST_TEST(prompt->questions().size() == 4U);
}

BOOST_AUTO_TEST_CASE(prompts_are_shown_one_at_a_time_in_the_order_of_asking) {
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  std::vector<std::unique_ptr<RawConnection>> pages;
  for (const char* origin : {"https://one.test", "https://two.test", "https://three.test"}) {
    pages.push_back(std::make_unique<RawConnection>(socket()));
    pages.back()->send_json(std::string(R"({"jsonrpc":"2.0","id":1,"method":"certificates","params":{"origin":")") +
                            origin + R"("}})");
    pages.back()->send_json(R"({"jsonrpc":"2.0","id":2,"method":"status"})");
    BOOST_REQUIRE(!pages.back()->receive().json.empty());
  }
  BOOST_REQUIRE(prompt->wait_for_questions(1));
  BOOST_TEST(prompt->questions().size() == 1U);
  prompt->release();
  for (auto& page : pages) BOOST_TEST(!page->receive().json.empty());
  std::vector<std::string> order;
  for (const auto& question : prompt->questions())
    order.emplace_back(question.params.at("caller").at("origin").as_string());
  const std::vector<std::string> expected{"https://one.test", "https://two.test", "https://three.test"};
  BOOST_TEST(order == expected, boost::test_tools::per_element());
  BOOST_TEST(prompt->most_open_at_once() == 1U);
}

BOOST_AUTO_TEST_CASE(where_to_ask_is_passed_on_from_hello) {
  auto client = connect();
  client.call("hello", {{"client", "test"}, {"ui", {{"language", "zh-TW"}, {"display", ":7"}, {"tty", nullptr}}}});
  client.call("certificates", {{"origin", site}});
  const json::object expected{{"language", "zh-TW"}, {"display", ":7"}};
  BOOST_TEST((prompt->questions().at(0).params.at("ui").as_object() == expected));
}

BOOST_AUTO_TEST_CASE(stopping_closes_an_open_prompt) {
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  RawConnection page(socket());
  page.send_json(login_request());
  BOOST_REQUIRE(prompt->wait_for_questions(1));
  BOOST_TEST(stop_service());
  BOOST_TEST(prompt->wait_for_closed(1));
  BOOST_TEST(page.receive().json.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
