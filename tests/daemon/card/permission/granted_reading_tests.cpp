// What a site may read without a question, and all that makes it one again (control C6, docs/decisions/009).
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>
#include <sstream>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

constexpr const char* another_site = "https://other.test";
constexpr const char* first_person = "A123456789";
constexpr const char* second_person = "B123456780";
const json::object from_site{{"origin", site}};

json::object fields(json::array names, const char* origin = site) {
  return {{"origin", origin}, {"fields", std::move(names)}};
}

struct Fixture : ServiceFixture {
  std::optional<rpc::Client> page = connect();

  json::object ask(std::string_view method, json::object params = from_site) {
    return page->call(method, std::move(params), {}, std::chrono::seconds(20)).result;
  }
  // Asks once, and the person allows it permanently.
  void always(std::string_view method, json::object params = from_site) {
    prompt->answer(ScriptedPrompt::Always{});
    ask(method, std::move(params));
    static_cast<void>(questions());
  }
  std::string id_number() {
    return std::string(ask("nhi.read", fields({"id_number"})).at("fields").at("id_number").as_string());
  }
  // How many there were since the last call of this.
  std::size_t questions() {
    const auto all = prompt->questions().size();
    return all - std::exchange(m_seen, all);
  }
  // How many there are to this request.
  std::size_t questions_of(std::string_view method, json::object params = from_site) {
    static_cast<void>(questions());
    ask(method, std::move(params));
    return questions();
  }
  void reload() { page.emplace(connect()); }
  [[nodiscard]] std::string grants_file() const {
    std::ostringstream text;
    text << std::ifstream(state() / "grants.json").rdbuf();
    return text.str();
  }
  [[nodiscard]] json::array listed() const { return call("grants.list").result.at("grants").as_array(); }
  [[nodiscard]] std::int64_t revoke(const json::object& what) const {
    return call("grants.revoke", what).result.at("revoked").to_number<std::int64_t>();
  }

private:
  std::size_t m_seen = 0;
};

struct HealthCard : Fixture {
  std::shared_ptr<simulator::SimulatedCard> card = health_card(first_person);
  HealthCard() {
    insert(reader_a, card);
    card->reset_counters();
  }
};

struct CitizenCard : Fixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  CitizenCard() {
    insert(reader_a, card);
    card->reset_counters();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(granted_nhi_reading, HealthCard)

BOOST_AUTO_TEST_CASE(always_is_offered_to_sites_that_read_and_to_nobody_else) {
  ask("nhi.read", fields({"name"}));
  call("nhi.read", {{"fields", {"name"}}}); // a program
  error_of([this] { ask("nhi.authenticate", {{"origin", site}, {"challenge", nonce}}); });
  const auto asked = prompt->questions();
  BOOST_REQUIRE_EQUAL(asked.size(), 3U);
  BOOST_TEST(asked[0].params.at("remember").as_bool());
  BOOST_TEST(!asked[1].params.contains("remember"));
  BOOST_TEST(!asked[2].params.contains("remember"));
}

BOOST_AUTO_TEST_CASE(allowed_once_is_asked_each_time) {
  ask("nhi.read", fields({"name"}));
  BOOST_TEST(questions_of("nhi.read", fields({"name"})) == 1U);
  BOOST_TEST(listed().empty());
}

BOOST_AUTO_TEST_CASE(allowed_for_good_it_is_read_in_three_commands_and_no_question) {
  always("nhi.read", fields({"name", "id_number"}));
  reload();
  card->reset_counters();
  const auto result = ask("nhi.read", fields({"id_number"}));
  BOOST_TEST(result.at("fields").at("id_number").as_string() == first_person);
  BOOST_TEST(result.at("fields").as_object().size() == 1U);
  BOOST_TEST(card->counters().apdus == 3U);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(more_fields_another_site_and_a_program_are_asked_about) {
  always("nhi.read", fields({"name"}));
  BOOST_TEST(questions_of("nhi.read", fields({"name", "id_number"})) == 1U);
  BOOST_TEST(questions_of("nhi.read", fields({"id_number"})) == 1U);
  BOOST_TEST(questions_of("nhi.read", fields({"name"}, another_site)) == 1U);
  BOOST_TEST(questions_of("nhi.read", {{"fields", {"name"}}}) == 1U);
  BOOST_TEST(questions_of("legacy.nhi_basic") == 1U); // the same card over the old interface
}

BOOST_AUTO_TEST_CASE(a_program_or_a_prompt_that_was_not_asked_to_cannot_make_a_grant) {
  prompt->answer(ScriptedPrompt::Always{});
  ask("nhi.read", {{"fields", {"name"}}});
  prompt->answer(ScriptedPrompt::Always{});
  error_of([this] { ask("nhi.authenticate", {{"origin", site}, {"challenge", nonce}}); });
  BOOST_TEST(listed().empty());
}

BOOST_AUTO_TEST_CASE(another_card_is_asked_about_and_says_nothing_before) {
  always("nhi.read", fields({"id_number"}));
  remove(reader_a);
  const auto other = health_card(second_person);
  insert(reader_a, other);
  other->reset_counters();
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(id_number(), Errc::ConsentDenied);
  BOOST_TEST(other->counters().apdus == 0U);
  BOOST_TEST(questions() == 1U);
  remove(reader_a);
  insert(reader_a, card);
  BOOST_TEST(id_number() == first_person);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(without_the_card_the_person_is_asked_before_the_site_learns_that) {
  always("nhi.read", fields({"id_number"}));
  remove(reader_a);
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(id_number(), Errc::ConsentDenied);
  CHECK_ERROR(id_number(), Errc::NoCard);
  BOOST_TEST(questions() == 2U);
}

BOOST_AUTO_TEST_CASE(an_unreadable_card_is_not_a_granted_one) {
  always("nhi.read", fields({"id_number"}));
  remove(reader_a);
  insert(reader_a, unknown_card());
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(id_number(), Errc::ConsentDenied);
  BOOST_TEST(questions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_still_being_read_is_waited_for_before_anybody_is_asked) {
  always("nhi.read", fields({"id_number"}));
  remove(reader_a);
  readers.hold_next(reader_a);
  readers.simulator().insert(reader_a, card);
  BOOST_REQUIRE(readers.wait_until_held());
  rpc::testing::RawConnection early(socket());
  early.send_json(R"({"jsonrpc":"2.0","id":1,"method":"nhi.read","params":{"origin":"https://page.test:8443",)"
                  R"("fields":["id_number"]}})");
  early.send_json(R"({"jsonrpc":"2.0","id":2,"method":"hello","params":{}})");
  BOOST_TEST(early.receive().json.find("\"id\":2") != std::string::npos); // so the first one waits
  readers.release();
  BOOST_TEST(early.receive().json.find(first_person) != std::string::npos);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(of_two_cards_that_fit_none_is_taken_for_the_granted_one) {
  always("nhi.read", fields({"id_number"}));
  insert(reader_b, health_card(second_person));
  prompt->answer(ScriptedPrompt::Always{});
  prompt->answer(ScriptedPrompt::Choose{1});
  BOOST_TEST(id_number() == second_person);
  BOOST_TEST(questions() == 2U); // consent, and which card
  // Both are granted now, and still it is the person who says which one.
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Choose{0});
  BOOST_TEST(id_number() == first_person);
  BOOST_TEST(questions() == 2U);
  // A site that names the reader means one card.
  auto named = fields({"id_number"});
  named["reader"] = reader_b;
  BOOST_TEST(ask("nhi.read", named).at("fields").at("id_number").as_string() == second_person);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_of_another_kind_beside_it_does_not_matter) {
  always("nhi.read", fields({"id_number"}));
  insert(reader_b, citizen_card());
  BOOST_TEST(id_number() == first_person);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_swapped_after_the_check_is_not_read) {
  always("nhi.read", fields({"id_number"}));
  readers.hold_next(reader_a);
  auto reading = std::async(std::launch::async, [this] { return error_of([this] { id_number(); }).code(); });
  BOOST_REQUIRE(readers.wait_until_held());
  const auto other = health_card(second_person);
  readers.simulator().remove(reader_a);
  readers.simulator().insert(reader_a, other);
  readers.release();
  BOOST_TEST(name_of(reading.get()) == "card_removed");
}

BOOST_AUTO_TEST_CASE(a_grant_that_is_revoked_while_the_card_is_read_gives_nothing) {
  always("nhi.read", fields({"id_number"}));
  readers.hold_next(reader_a);
  auto reading = std::async(std::launch::async, [this] { return error_of([this] { id_number(); }).code(); });
  BOOST_REQUIRE(readers.wait_until_held());
  BOOST_TEST(revoke({{"site", site}}) == 1);
  readers.release();
  BOOST_TEST(name_of(reading.get()) == "user_denied");
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_revoked_site_is_asked_about_again_at_once) {
  always("nhi.read", fields({"id_number"}));
  always("nhi.read", fields({"name"}, another_site));
  BOOST_TEST(revoke({{"site", site}}) == 1);
  BOOST_TEST(questions_of("nhi.read", fields({"id_number"})) == 1U);
  BOOST_TEST(questions_of("nhi.read", fields({"name"}, another_site)) == 0U);
  BOOST_TEST(revoke({{"all", true}}) == 1);
  BOOST_TEST(questions_of("nhi.read", fields({"name"}, another_site)) == 1U);
  BOOST_TEST(revoke({{"all", true}}) == 0);
}

BOOST_AUTO_TEST_CASE(a_site_that_is_silenced_has_nothing_of_its_grant) {
  always("nhi.read", fields({"name"}));
  for (int i = 0; i < 2; ++i) {
    prompt->answer(ScriptedPrompt::Refuse{});
    CHECK_ERROR(ask("nhi.read", fields({"id_number"})), Errc::ConsentDenied);
  }
  card->reset_counters();
  static_cast<void>(questions());
  CHECK_ERROR(ask("nhi.read", fields({"name"})), Errc::ConsentDenied);
  BOOST_TEST(card->counters().apdus == 0U);
  BOOST_TEST(questions() == 0U);
}

BOOST_AUTO_TEST_CASE(the_next_service_knows_it_and_one_that_was_not_used_for_long_has_ended) {
  always("nhi.read", fields({"name"}));
  page.reset();
  restart_service();
  reload();
  BOOST_TEST(questions_of("nhi.read", fields({"name"})) == 0U);

  page.reset();
  auto kept = grants_file();
  for (const char* day : {"\"given\":\"", "\"used\":\""}) kept.replace(kept.find(day) + std::strlen(day), 4, "2020");
  BOOST_REQUIRE(stop_service());
  std::ofstream(state() / "grants.json", std::ios::trunc) << kept;
  restart_service();
  reload();
  BOOST_TEST(listed().empty());
  BOOST_TEST(questions_of("nhi.read", fields({"name"})) == 1U);
}

BOOST_AUTO_TEST_CASE(its_events_reach_the_page_until_it_is_revoked) {
  always("nhi.read", fields({"name"}));
  reload();
  page->call("events.subscribe", from_site);
  ask("nhi.read", fields({"name"}));
  remove(reader_a);
  const auto told = page->next_notification(std::chrono::seconds(10));
  BOOST_REQUIRE(told);
  BOOST_TEST(told->params.at("type").as_string() == "card_removed");
  static_cast<void>(revoke({{"site", site}}));
  insert(reader_a, card);
  page->call("hello"); // what was sent before its answer has arrived with it
  BOOST_TEST(!page->next_notification(std::chrono::milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(neither_number_nor_person_is_in_the_file) {
  const auto result = [this] {
    prompt->answer(ScriptedPrompt::Always{});
    return ask("nhi.read", fields({"card_number", "name", "id_number", "birth_date"})).at("fields").as_object();
  }();
  const auto text = grants_file();
  BOOST_TEST(text.find(site) != std::string::npos);
  for (const auto& [name, value] : result)
    BOOST_TEST(text.find(std::string(value.as_string())) == std::string::npos, std::string(name));
}

BOOST_AUTO_TEST_CASE(the_list_says_what_was_granted_and_where_the_card_is) {
  always("nhi.read", fields({"sex", "name"}));
  auto grants = listed();
  BOOST_REQUIRE_EQUAL(grants.size(), 1U);
  auto& grant = grants[0].as_object();
  BOOST_TEST(grant.at("given").as_string().size() == 10U);
  BOOST_TEST(grant.at("given") == grant.at("used"));
  grant.erase("given");
  grant.erase("used");
  const json::object expected{
      {"site", site}, {"operation", "nhi.read"}, {"fields", {"name", "sex"}}, {"reader", reader_a}};
  BOOST_TEST((grant == expected));
  remove(reader_a);
  BOOST_TEST(listed().at(0).at("reader").is_null());
}

BOOST_AUTO_TEST_CASE(no_site_may_list_or_revoke) {
  CHECK_ERROR(call("grants.list", from_site), Errc::BadRequest);
  CHECK_ERROR(call("grants.revoke", {{"origin", site}, {"site", site}}), Errc::BadRequest);
  for (const json::object& wrong :
       {json::object{}, json::object{{"site", site}, {"all", true}}, json::object{{"site", 7}},
        json::object{{"site", std::string(256, 'a')}}, json::object{{"all", "yes"}}, json::object{{"surprise", 1}}})
    CHECK_ERROR(call("grants.revoke", wrong), Errc::BadRequest);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(granted_old_nhi_reading, HealthCard)

BOOST_AUTO_TEST_CASE(all_three_methods_are_covered_in_every_connection) {
  always("legacy.nhi_basic");
  reload();
  card->reset_counters();
  BOOST_TEST(questions_of("legacy.nhi_basic") == 0U);
  BOOST_TEST(card->counters().apdus == 3U);
  BOOST_TEST(questions_of("legacy.nhi_encrypt_basic") == 0U);
  BOOST_TEST(questions_of("legacy.nhi_basic", {{"origin", another_site}}) == 1U);
  BOOST_TEST(questions_of("nhi.read", fields({"name"})) == 1U);
}

BOOST_AUTO_TEST_CASE(another_card_in_the_same_connection_is_asked_about) {
  always("legacy.nhi_basic");
  remove(reader_a);
  const auto other = health_card(second_person);
  insert(reader_a, other);
  other->reset_counters();
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("legacy.nhi_basic"), Errc::ConsentDenied);
  BOOST_TEST(other->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(revoking_also_ends_the_consent_of_a_connection) {
  always("legacy.nhi_basic");
  BOOST_TEST(questions_of("legacy.nhi_basic") == 0U);
  BOOST_TEST(revoke({{"site", site}}) == 1);
  BOOST_TEST(questions_of("legacy.nhi_basic") == 1U);
  // Also one that was given for the connection alone.
  BOOST_TEST(questions_of("legacy.nhi_basic") == 0U);
  BOOST_TEST(revoke({{"site", another_site}}) == 0);
  BOOST_TEST(questions_of("legacy.nhi_basic") == 0U);
  BOOST_TEST(revoke({{"all", true}}) == 0);
  BOOST_TEST(questions_of("legacy.nhi_basic") == 1U);
}

BOOST_AUTO_TEST_CASE(a_consent_that_is_revoked_while_the_card_is_read_gives_nothing) {
  for (const bool for_good : {true, false}) {
    if (for_good) {
      always("legacy.nhi_basic");
      reload();
    } else {
      ask("legacy.nhi_basic");
    }
    readers.hold_next(reader_a);
    auto reading =
        std::async(std::launch::async, [this] { return error_of([this] { ask("legacy.nhi_basic"); }).code(); });
    BOOST_REQUIRE(readers.wait_until_held());
    static_cast<void>(revoke({{"site", site}}));
    readers.release();
    BOOST_TEST(name_of(reading.get()) == "user_denied");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(granted_certificates, CitizenCard)

BOOST_AUTO_TEST_CASE(certificates_leave_without_a_question_or_a_command) {
  always("certificates");
  reload();
  card->reset_counters();
  BOOST_TEST(questions_of("certificates") == 0U);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(signing_and_logging_in_are_asked_each_time) {
  always("certificates");
  BOOST_TEST(questions_of("authenticate", {{"origin", site}, {"nonce", nonce}}) == 2U); // consent and PIN
  BOOST_TEST(questions_of("authenticate", {{"origin", site}, {"nonce", nonce}}) == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_always_to_a_login_is_an_answer_to_this_one) {
  prompt->answer(ScriptedPrompt::Always{});
  ask("authenticate", {{"origin", site}, {"nonce", nonce}});
  BOOST_TEST(listed().empty());
  BOOST_TEST(questions_of("authenticate", {{"origin", site}, {"nonce", nonce}}) == 2U);
}

BOOST_AUTO_TEST_CASE(another_citizens_card_is_asked_about) {
  always("certificates");
  remove(reader_a);
  insert(reader_a, another_citizen_card());
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("certificates"), Errc::ConsentDenied);
}

BOOST_AUTO_TEST_CASE(a_listing_over_the_old_interface_wants_every_card_granted) {
  always("legacy.tokens");
  reload();
  BOOST_TEST(questions_of("legacy.tokens") == 0U);
  insert(reader_b, another_citizen_card());
  reload();
  BOOST_TEST(questions_of("legacy.tokens") == 1U);
  always("legacy.tokens", {{"origin", site}, {"reader", reader_b}});
  reload();
  prompt->answer(ScriptedPrompt::Always{});
  ask("legacy.tokens");
  reload();
  BOOST_TEST(questions_of("legacy.tokens") == 0U);
  remove(reader_a);
  remove(reader_b);
  BOOST_TEST(questions_of("legacy.tokens") == 1U); // a listing without cards says that there are none
}

BOOST_AUTO_TEST_CASE(a_card_without_a_number_keeps_a_listing_a_question) {
  always("legacy.tokens");
  insert(reader_b, unknown_card());
  reload();
  prompt->answer(ScriptedPrompt::Always{});
  ask("legacy.tokens");
  reload();
  BOOST_TEST(questions_of("legacy.tokens") == 1U);
}

BOOST_AUTO_TEST_CASE(revoking_also_ends_a_listing_of_the_connection) {
  always("legacy.tokens");
  BOOST_TEST(questions_of("legacy.tokens") == 0U);
  static_cast<void>(revoke({{"site", site}}));
  BOOST_TEST(questions_of("legacy.tokens") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
