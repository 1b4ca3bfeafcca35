// Between a question and the use of a card the cards, the consents and the person's patience may change: what is used
// is a card that the person was shown or has consented to (controls C6 and C7, docs/decisions/008).
#include "tests/daemon/card/nhi/simulated_site.hpp"
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <utility>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

const json::object from_site{{"origin", site}};
const json::object one_card{{"origin", site}, {"one", true}};
const json::object to_sign{{"origin", site}, {"random", "00011234567890123456"}};
const json::object names{{"origin", site}, {"fields", {"name"}}};
constexpr const char* first_person = "A123456789";
constexpr const char* second_person = "B123456780";

const std::vector<std::string> consent_only{"prompt.consent"};
const std::vector<std::string> consent_and_choice{"prompt.consent", "prompt.card"};

// A page whose requests the test can leave unanswered.
class Page final {
public:
  explicit Page(const ServiceFixture& service) : m_connection(service.socket()) {}

  // Returns when the service has taken the request up.
  void begin(const std::string& method, const json::object& params, const std::string& blob = {}) {
    send(method, params, blob);
    send("hello", {}, {});
    for (auto reply = receive(); reply.at("id") != m_last; reply = receive()) m_early = std::move(reply);
  }
  // The name of the error of what was begun; empty: none.
  [[nodiscard]] std::string error() {
    const auto reply = result_or_error();
    return reply.contains("error") ? std::string(reply.at("error").at("data").at("code").as_string()) : std::string();
  }
  [[nodiscard]] json::object result() { return result_or_error().at("result").as_object(); }
  void ask(const std::string& method, const json::object& params) {
    send(method, params, {});
    BOOST_TEST(error() == "");
  }

private:
  json::object result_or_error() { return m_early.empty() ? receive() : std::exchange(m_early, {}); }
  void send(const std::string& method, const json::object& params, const std::string& blob) {
    m_connection.send_json(
        json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", ++m_last}, {"method", method}, {"params", params}}),
        static_cast<std::uint32_t>(blob.size()));
    m_connection.send(as_bytes(blob));
  }
  json::object receive() {
    const auto frame = m_connection.receive();
    BOOST_REQUIRE(!frame.json.empty());
    return json::parse(frame.json).as_object();
  }

  rpc::testing::RawConnection m_connection;
  json::object m_early; // the reply to what was begun, when it was there before
  int m_last = 0;
};

struct Fixture : ServiceFixture {
  std::optional<Page> page;
  explicit Fixture(std::uint16_t site_port = 0) : ServiceFixture(Profiles::Installed, {}, site_port) { reload(); }

  void reload() { page.emplace(*this); }
  void will(const std::vector<ScriptedPrompt::Answer>& answers) {
    for (const auto& answer : answers) prompt->answer(answer);
  }
  // The methods of the questions since the last call of this.
  std::vector<std::string> asked() {
    std::vector<std::string> methods;
    const auto all = prompt->questions();
    for (; m_seen < all.size(); ++m_seen) methods.push_back(all[m_seen].method);
    return methods;
  }
  // Waits for as many new ones.
  [[nodiscard]] bool are_asked(std::size_t count) { return prompt->wait_for_questions(m_seen + count); }
  // The reader that the last question shows.
  [[nodiscard]] std::string shown_reader() const {
    const auto params = prompt->questions().back().params;
    const auto* card = params.at("card").if_object();
    return card != nullptr ? std::string(card->at("reader").as_string()) : std::string();
  }
  void always(const std::string& method, const json::object& params) {
    prompt->answer(ScriptedPrompt::Always{});
    page->ask(method, params);
    static_cast<void>(asked());
  }
  void revoke() const { static_cast<void>(call("grants.revoke", {{"site", site}})); }
  [[nodiscard]] std::size_t grants() const { return call("grants.list").result.at("grants").as_array().size(); }
  // Two refusals of something that the site has no grant for.
  void silence() {
    for (int i = 0; i < 2; ++i) {
      prompt->answer(ScriptedPrompt::Refuse{});
      CHECK_ERROR(call("nhi.read", {{"origin", site}, {"fields", {"sex"}}}), Errc::ConsentDenied);
    }
  }
  // A card that is put in, and is being read until release().
  void insert_unread(const char* reader, const std::shared_ptr<simulator::SimulatedCard>& card) {
    readers.hold_next(reader);
    readers.simulator().insert(reader, card);
    BOOST_REQUIRE(readers.wait_until_held());
  }

private:
  std::size_t m_seen = 0;
};

struct HealthCard : Fixture {
  std::shared_ptr<simulator::SimulatedCard> card = health_card(first_person);
  HealthCard() { insert(reader_a, card); }
};

struct TwoHealthCards : SimulatedSite, Fixture {
  std::shared_ptr<simulator::SimulatedCard> first = health_card(first_person);
  std::shared_ptr<simulator::SimulatedCard> second = health_card(second_person);
  TwoHealthCards() : Fixture(SimulatedSite::port()) {
    insert(reader_a, first);
    insert(reader_b, second);
    second->reset_counters();
  }
  void choose_first() {
    will({ScriptedPrompt::Approve{}, ScriptedPrompt::Choose{0}});
    page->ask("legacy.nhi_basic", from_site);
    BOOST_TEST(asked() == consent_and_choice);
  }
};

struct TwoCitizens : Fixture {
  std::shared_ptr<simulator::SimulatedCard> first = citizen_card();
  std::shared_ptr<simulator::SimulatedCard> second = another_citizen_card();
  TwoCitizens() {
    insert(reader_a, first);
    insert(reader_b, second);
  }
  void choose_first() {
    will({ScriptedPrompt::Approve{}, ScriptedPrompt::Choose{0}});
    page->ask("legacy.tokens", one_card);
    BOOST_TEST(asked() == consent_and_choice);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(agreed_cards_of_two, TwoHealthCards)

BOOST_AUTO_TEST_CASE(when_the_card_that_a_consent_shows_is_pulled_the_other_one_is_not_taken) {
  choose_first();
  will({ScriptedPrompt::LeaveOpen{}, ScriptedPrompt::Fail{Errc::Cancelled}});
  page->begin("legacy.nhi_sign", to_sign);
  BOOST_REQUIRE(are_asked(1));
  BOOST_TEST(shown_reader() == reader_a);
  remove(reader_a);
  prompt->release();
  BOOST_TEST(page->error() == "user_cancelled");
  BOOST_TEST(asked() == consent_and_choice);
  BOOST_TEST(second->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_consent_to_read_shows_the_card_that_was_chosen_before) {
  choose_first();
  revoke(); // ends the consent, and leaves the choice
  page->ask("legacy.nhi_basic", from_site);
  BOOST_TEST(asked() == consent_only);
  BOOST_TEST(shown_reader() == reader_a);
}

BOOST_AUTO_TEST_CASE(a_card_that_comes_while_the_agreed_one_is_looked_for_is_asked_about_and_shown) {
  remove(reader_b);
  page->ask("legacy.nhi_basic", from_site);
  static_cast<void>(asked());
  insert_unread(reader_b, second);
  page->begin("legacy.nhi_basic", from_site);
  will({ScriptedPrompt::Choose{1}, ScriptedPrompt::Refuse{}});
  readers.release();
  BOOST_TEST(page->error() == "user_denied");
  const std::vector<std::string> choice_and_consent{"prompt.card", "prompt.consent"};
  BOOST_TEST(asked() == choice_and_consent);
  BOOST_TEST(shown_reader() == reader_b);
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_from_a_choice_has_left_a_question_unanswered) {
  const std::vector<std::vector<ScriptedPrompt::Answer>> answers{
      {ScriptedPrompt::Approve{}, ScriptedPrompt::LeaveOpen{}},
      {ScriptedPrompt::LeaveOpen{}},
      {ScriptedPrompt::LeaveOpen{}}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    will(answers[i]);
    reload();
    page->begin("legacy.nhi_basic", from_site);
    BOOST_REQUIRE(are_asked(answers[i].size()));
    static_cast<void>(asked());
    page.reset();
    BOOST_REQUIRE(prompt->wait_for_closed(i + 1));
  }
  reload();
  page->begin("legacy.nhi_basic", from_site);
  BOOST_TEST(page->error() == "user_denied");
  BOOST_TEST(asked().empty());
}

BOOST_AUTO_TEST_CASE(a_question_that_ends_because_the_cards_change_is_not_counted) {
  page->ask("legacy.nhi_basic", {{"origin", site}, {"reader", reader_a}});
  page->ask("legacy.nhi_basic", {{"origin", site}, {"reader", reader_b}});
  static_cast<void>(asked());
  will({4, ScriptedPrompt::LeaveOpen{}});
  page->begin("legacy.nhi_basic", from_site);
  for (std::size_t i = 1; i <= 4; ++i) {
    BOOST_REQUIRE(are_asked(i));
    if (i % 2 == 1)
      remove(reader_b);
    else
      insert(reader_b, health_card(second_person));
  }
  BOOST_TEST(page->error() == "several_cards");
  static_cast<void>(asked());
  page->ask("legacy.nhi_basic", from_site);
  BOOST_TEST(asked() == consent_and_choice);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(agreed_cards_with_keys, TwoCitizens)

BOOST_AUTO_TEST_CASE(the_pin_of_a_page_goes_to_no_card_but_the_one_that_the_consent_shows) {
  const auto blob = std::string(ScriptedPrompt::right_pin) + std::string(32, 'h');
  json::object params{{"origin", site}, {"hash_function", "SHA-256"}, {"page_pin", true}, {"pin_size", 6}};
  for (const bool named : {false, true}) {
    choose_first();
    if (named) params["reader"] = reader_a;
    will({ScriptedPrompt::LeaveOpen{}, ScriptedPrompt::Fail{Errc::Cancelled}});
    page->begin("legacy.sign", params, blob);
    BOOST_REQUIRE(are_asked(1));
    BOOST_TEST(shown_reader() == reader_a);
    remove(reader_a);
    const auto swapped = named ? another_citizen_card() : nullptr;
    if (swapped) insert(reader_a, swapped);
    prompt->release();
    BOOST_TEST(page->error() == "user_cancelled");
    BOOST_TEST(asked() == consent_and_choice);
    BOOST_TEST((swapped ? swapped : second)->counters().verifies == 0U);
    if (!named) insert(reader_a, first);
  }
}

BOOST_AUTO_TEST_CASE(of_several_granted_cards_one_is_chosen_after_a_consent_which_is_for_that_one) {
  always("legacy.tokens", from_site);
  BOOST_TEST(grants() == 2U);
  revoke();
  reload();
  will({ScriptedPrompt::Always{}, ScriptedPrompt::Choose{1}});
  page->ask("legacy.tokens", one_card);
  BOOST_TEST(asked() == consent_and_choice);
  BOOST_TEST(grants() == 1U);
  always("legacy.tokens", from_site);
  BOOST_TEST(grants() == 2U);
  reload();
  will({ScriptedPrompt::Approve{}, ScriptedPrompt::Choose{1}});
  page->begin("legacy.tokens", one_card);
  BOOST_TEST(page->result().at("readers").at(0).at("name").as_string() == reader_b);
  BOOST_TEST(asked() == consent_and_choice);
}

BOOST_AUTO_TEST_CASE(the_only_card_is_listed_alone_by_its_grant) {
  remove(reader_b);
  always("legacy.tokens", one_card);
  reload();
  page->ask("legacy.tokens", one_card);
  BOOST_TEST(asked().empty());
}

BOOST_AUTO_TEST_CASE(a_consent_revoked_while_a_card_is_chosen_is_asked_for_again) {
  page->ask("legacy.tokens", from_site);
  static_cast<void>(asked());
  will({ScriptedPrompt::LeaveOpen{}, ScriptedPrompt::Refuse{}});
  page->begin("legacy.tokens", one_card);
  BOOST_REQUIRE(are_asked(1));
  revoke();
  prompt->release();
  BOOST_TEST(page->error() == "user_denied");
  const std::vector<std::string> choice_and_consent{"prompt.card", "prompt.consent"};
  BOOST_TEST(asked() == choice_and_consent);
  BOOST_TEST(shown_reader() == reader_a);
}

BOOST_AUTO_TEST_CASE(a_consent_for_an_unreadable_card_does_not_cover_the_next_card) {
  remove(reader_a);
  remove(reader_b);
  insert(reader_a, unknown_card());
  page->ask("legacy.tokens", from_site);
  static_cast<void>(asked());
  readers.hold_next(reader_a);
  will({ScriptedPrompt::Refuse{}});
  page->begin("legacy.tokens", one_card);
  insert(reader_b, second);
  readers.release();
  BOOST_TEST(page->error() == "user_denied");
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_pulled_before_the_answer_is_not_listed) {
  remove(reader_a);
  remove(reader_b);
  insert(reader_a, unknown_card());
  page->ask("legacy.tokens", from_site);
  static_cast<void>(asked());
  // The listing is covered, and waits for a card that another one's request reads again, when the next card comes.
  readers.hold_next(reader_a);
  Page program(*this);
  program.begin("certificates", {});
  BOOST_REQUIRE(readers.wait_until_held());
  page->begin("legacy.tokens", from_site);
  insert(reader_b, second);
  will({ScriptedPrompt::LeaveOpen{}});
  readers.release();
  BOOST_REQUIRE(are_asked(1));
  remove(reader_b);
  prompt->release();
  BOOST_TEST(page->result().at("readers").at(1).at("token").is_null());
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_revoked_before_the_cards_are_read_is_not_remembered) {
  remove(reader_b);
  will({ScriptedPrompt::Always{}});
  insert_unread(reader_b, second);
  page->begin("legacy.tokens", from_site);
  BOOST_REQUIRE(are_asked(1));
  revoke();
  readers.release();
  BOOST_TEST(page->error() == "");
  BOOST_TEST(grants() == 0U);
  static_cast<void>(asked());
  page->ask("legacy.tokens", from_site);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(agreed_cards_that_are_granted, HealthCard)

BOOST_AUTO_TEST_CASE(what_is_allowed_for_good_and_revoked_before_the_card_is_found_is_not_granted) {
  for (const char* method : {"nhi.read", "legacy.nhi_basic"}) {
    auto params = from_site;
    if (method == std::string("nhi.read")) params["fields"] = json::array{"name"};
    remove(reader_a);
    will({ScriptedPrompt::Always{}});
    insert_unread(reader_a, card);
    page->begin(method, params);
    BOOST_REQUIRE(are_asked(1));
    revoke();
    readers.release();
    BOOST_TEST(page->error() == "");
    BOOST_TEST(grants() == 0U);
    static_cast<void>(asked());
    page->ask(method, params);
    BOOST_TEST(asked() == consent_only);
  }
}

BOOST_AUTO_TEST_CASE(a_site_that_is_silenced_while_it_waits_for_its_granted_card_has_nothing_of_it) {
  always("nhi.read", names);
  remove(reader_a);
  insert_unread(reader_a, card);
  card->reset_counters();
  page->begin("nhi.read", names);
  silence();
  readers.release();
  BOOST_TEST(page->error() == "user_denied");
  BOOST_TEST(asked().size() == 2U); // the refused ones
}

BOOST_AUTO_TEST_CASE(a_site_that_is_silenced_while_its_granted_card_is_read_has_nothing_of_it) {
  always("nhi.read", names);
  readers.hold_next(reader_a);
  page->begin("nhi.read", names);
  BOOST_REQUIRE(readers.wait_until_held());
  silence();
  readers.release();
  BOOST_TEST(page->error() == "user_denied");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
