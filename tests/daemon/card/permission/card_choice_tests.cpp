// Two cards that fit: the person is asked which one, a page learns nothing, and nothing is guessed.
#include "tests/daemon/card/nhi/simulated_site.hpp"
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;
using rpc::testing::RawConnection;

namespace {

const json::object from_site{{"origin", site}};
const json::object id_numbers{{"origin", site}, {"fields", {"id_number"}}};
constexpr const char* first_person = "A123456789";
constexpr const char* second_person = "B123456780";

struct Fixture : ServiceFixture {
  rpc::Client page = connect();

  rpc::Reply ask(std::string_view method, json::object params = from_site, ByteView blob = {}) {
    return page.call(method, std::move(params), SecureBytes::copy_of(blob), std::chrono::seconds(20));
  }
  // Whose NHI card is read.
  std::string read_by(rpc::Client& client, json::object params = from_site) const {
    const auto reply = client.call("legacy.nhi_basic", std::move(params), {}, std::chrono::seconds(20));
    return std::string(reply.result.at("id_number").as_string());
  }
  std::string read_old(json::object params = from_site) { return read_by(page, std::move(params)); }
  std::string read_native() {
    return std::string(ask("nhi.read", id_numbers).result.at("fields").at("id_number").as_string());
  }
  // The methods of the questions since the last call of this.
  std::vector<std::string> asked() {
    std::vector<std::string> methods;
    const auto all = prompt->questions();
    for (; m_seen < all.size(); ++m_seen) methods.push_back(all[m_seen].method);
    return methods;
  }
  // What the person does with a choice of cards, after a consent.
  void will_choose(std::size_t place) {
    prompt->answer(ScriptedPrompt::Approve{});
    prompt->answer(ScriptedPrompt::Choose{place});
  }

private:
  std::size_t m_seen = 0;
};

struct TwoHealthCards : Fixture {
  std::shared_ptr<simulator::SimulatedCard> first = health_card(first_person);
  std::shared_ptr<simulator::SimulatedCard> second = health_card(second_person);
  TwoHealthCards() {
    insert(reader_a, first);
    insert(reader_b, second);
    first->reset_counters();
    second->reset_counters();
  }
};

const std::vector<std::string> consent_and_choice{"prompt.consent", "prompt.card"};
const std::vector<std::string> consent_only{"prompt.consent"};
const std::vector<std::string> nothing;

} // namespace

BOOST_FIXTURE_TEST_SUITE(two_health_cards, TwoHealthCards)

BOOST_AUTO_TEST_CASE(the_person_chooses_after_the_consent_and_only_that_card_is_read) {
  will_choose(1);
  BOOST_TEST(read_old() == second_person);
  BOOST_TEST(asked() == consent_and_choice);
  BOOST_TEST(first->counters().apdus == 0U);
  BOOST_TEST(second->counters().apdus == 3U);
}

BOOST_AUTO_TEST_CASE(the_question_shows_who_asks_and_the_readers_and_costs_no_apdu) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  CHECK_ERROR(read_old(), Errc::Cancelled);
  const auto params = prompt->questions().back().params;
  BOOST_TEST(params.at("caller").at("origin").as_string() == site);
  const auto& cards = params.at("cards").as_array();
  BOOST_REQUIRE(cards.size() == 2U);
  BOOST_TEST(cards[0].at("kind").as_string() == "nhi");
  BOOST_TEST(cards[0].at("reader").as_string() == reader_a);
  BOOST_TEST(cards[1].at("reader").as_string() == reader_b);
  BOOST_TEST(first->counters().apdus + second->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_refused_consent_asks_for_no_card) {
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(read_old(), Errc::ConsentDenied);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(the_choice_holds_for_the_requests_of_an_old_sign_in) {
  will_choose(1);
  BOOST_TEST(read_old() == second_person);
  BOOST_TEST(asked() == consent_and_choice);
  BOOST_TEST(read_old() == second_person);
  static_cast<void>(ask("legacy.nhi_encrypt_basic"));
  BOOST_TEST(asked() == nothing);
  // It asks for its consent each time, and shows the card that was chosen. There is no site in this test.
  CHECK_ERROR(ask("legacy.nhi_sign", {{"origin", site}, {"random", "00011234567890123456"}}), Errc::ProfileMissing);
  BOOST_TEST(asked() == consent_only);
  BOOST_TEST(prompt->questions().back().params.at("card").at("reader").as_string() == reader_b);
  BOOST_TEST(first->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(the_choice_covers_one_connection_and_one_site) {
  will_choose(1);
  BOOST_TEST(read_old() == second_person);
  will_choose(0);
  auto other_page = connect();
  BOOST_TEST(read_by(other_page) == first_person);
  will_choose(0);
  BOOST_TEST(read_old({{"origin", "https://other.test"}}) == first_person);
  BOOST_TEST(asked().size() == 6U);
  BOOST_TEST(read_old() == second_person);
  BOOST_TEST(asked() == nothing);
}

BOOST_AUTO_TEST_CASE(the_choice_ends_when_one_of_the_cards_leaves_or_another_comes) {
  will_choose(1);
  BOOST_TEST(read_old() == second_person);
  remove(reader_a);
  BOOST_TEST(read_old() == second_person); // the only one, and agreed to
  insert(reader_a, first);
  static_cast<void>(asked());
  will_choose(0);
  BOOST_TEST(read_old() == first_person);
  BOOST_TEST(asked() == consent_and_choice);
}

BOOST_AUTO_TEST_CASE(a_named_reader_asks_for_no_choice) {
  BOOST_TEST(read_old({{"origin", site}, {"reader", reader_b}}) == second_person);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(a_consent_for_the_first_card_does_not_tell_of_the_second_one) {
  remove(reader_b);
  BOOST_TEST(read_old() == first_person);
  insert(reader_b, second);
  static_cast<void>(asked());
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(read_old(), Errc::ConsentDenied);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(the_native_protocol_asks_each_time) {
  for (const std::size_t place : {1U, 0U}) {
    will_choose(place);
    BOOST_TEST(read_native() == (place == 1 ? second_person : first_person));
    BOOST_TEST(asked() == consent_and_choice);
  }
}

BOOST_AUTO_TEST_CASE(a_program_has_to_name_the_reader) {
  CHECK_ERROR(call("nhi.read", {{"fields", {"name"}}}), Errc::SeveralCards);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(a_card_that_leaves_while_the_question_is_open_closes_it_and_the_other_is_not_simply_taken) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  auto reading = std::async(std::launch::async, [this] { return error_of([this] { read_old(); }); });
  BOOST_REQUIRE(prompt->wait_for_questions(2));
  remove(reader_b);
  BOOST_REQUIRE(prompt->wait_for_closed(1));
  BOOST_TEST(name_of(reading.get().code()) == "user_cancelled");
  const auto cards = prompt->questions().back().params.at("cards").as_array();
  BOOST_TEST(cards.size() == 1U);
  BOOST_TEST(cards[0].at("reader").as_string() == reader_a);
  BOOST_TEST(first->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_swap_while_the_question_is_open_asks_again_with_the_cards_that_are_there) {
  remove(reader_b);
  insert(reader_b, second);
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  prompt->answer(ScriptedPrompt::LeaveOpen{}); // the one that is left
  prompt->answer(ScriptedPrompt::Choose{1});
  auto reading = std::async(std::launch::async, [this] { return read_old(); });
  BOOST_REQUIRE(prompt->wait_for_questions(2));
  remove(reader_b);
  BOOST_REQUIRE(prompt->wait_for_questions(3));
  insert(reader_b, health_card("C123456781"));
  BOOST_TEST(reading.get() == "C123456781");
  BOOST_TEST(prompt->wait_for_closed(2));
  BOOST_TEST(prompt->questions().size() == 4U);
}

BOOST_AUTO_TEST_CASE(cards_that_come_and_go_without_end_end_the_questions) {
  prompt->answer(ScriptedPrompt::Approve{});
  for (int i = 0; i < 4; ++i) prompt->answer(ScriptedPrompt::LeaveOpen{});
  auto reading = std::async(std::launch::async, [this] { return error_of([this] { read_old(); }); });
  for (std::size_t questions = 2; questions <= 5; ++questions) {
    BOOST_REQUIRE(prompt->wait_for_questions(questions));
    if (questions % 2 == 0)
      remove(reader_b);
    else
      insert(reader_b, health_card(second_person));
  }
  BOOST_TEST(name_of(reading.get().code()) == "several_cards");
  BOOST_TEST(prompt->questions().size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_page_that_leaves_closes_the_question) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  {
    RawConnection leaving(socket());
    leaving.send_json(
        R"({"jsonrpc":"2.0","id":1,"method":"legacy.nhi_basic","params":{"origin":"https://page.test"}})");
    BOOST_REQUIRE(prompt->wait_for_questions(2));
  }
  BOOST_TEST(prompt->wait_for_closed(1));
  BOOST_TEST(first->counters().apdus + second->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_site_whose_choice_is_closed_twice_is_silenced) {
  // One consent that covers the second card, so that only the choice is asked.
  BOOST_TEST(read_old({{"origin", site}, {"reader", reader_b}}) == second_person);
  BOOST_TEST(read_old({{"origin", site}, {"reader", reader_a}}) == first_person);
  for (int i = 0; i < 2; ++i) {
    prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
    CHECK_ERROR(read_old(), Errc::Cancelled);
  }
  static_cast<void>(asked());
  CHECK_ERROR(read_old(), Errc::ConsentDenied);
  BOOST_TEST(asked() == nothing);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct TwoHealthCardsAndSite : SimulatedSite, ServiceFixture {
  TwoHealthCardsAndSite() : ServiceFixture(Profiles::Installed, {}, SimulatedSite::port()) {
    insert(reader_a, health_card(first_person));
    insert(reader_b, health_card(second_person));
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(an_old_sign_in_asks_for_the_card_once_and_the_site_signs_for_that_one, TwoHealthCardsAndSite) {
  auto page = connect();
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Choose{1});
  const auto record = page.call("legacy.nhi_basic", from_site).result;
  const json::object to_sign{{"origin", site}, {"random", "00011234567890123456"}};
  BOOST_TEST((page.call("legacy.nhi_sign", to_sign).result.at("card_number") == record.at("card_number")));
  BOOST_TEST(prompt->questions().size() == 3U); // consent, card, consent
  // The order of the native one: consent, site, card.
  behave("health:cut");
  const json::object to_prove{{"origin", site}, {"challenge", nonce}};
  CHECK_ERROR(page.call("nhi.authenticate", to_prove), Errc::SiteFailed);
  BOOST_TEST(prompt->questions().size() == 4U);
  behave("");
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Choose{1});
  BOOST_TEST((page.call("nhi.authenticate", to_prove).result.at("card_number") == record.at("card_number")));
  BOOST_TEST(prompt->questions().size() == 6U);
}

namespace {

struct TwoCitizens : Fixture {
  TwoCitizens() {
    insert(reader_a, citizen_card());
    insert(reader_b, another_citizen_card());
  }
  [[nodiscard]] json::value signing_certificate(const char* reader) const {
    const auto listing = call("certificates", {{"reader", reader}}).result;
    for (const auto& each : listing.at("certificates").as_array())
      if (each.at("id").as_string() == "SIGN") return each.at("der");
    return nullptr;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(two_citizen_cards, TwoCitizens)

BOOST_AUTO_TEST_CASE(a_login_asks_consent_card_and_pin_and_names_the_owners_to_the_person) {
  will_choose(1);
  const auto der = ask("authenticate", {{"origin", site}, {"nonce", nonce}}).result.at("certificate");
  const std::vector<std::string> order{"prompt.consent", "prompt.card", "prompt.pin"};
  BOOST_TEST(asked() == order);
  BOOST_TEST((signing_certificate(reader_b) == der));
  const auto questions = prompt->questions();
  const auto& cards = questions[1].params.at("cards").as_array();
  BOOST_TEST(cards[0].at("owner").as_string() == "測試一");
  BOOST_TEST(cards[1].at("owner").as_string() == "測試二");
  BOOST_TEST(cards[1].at("holder").as_string() == "citizen");
  BOOST_TEST(questions[2].params.at("card").at("reader").as_string() == reader_b);
}

BOOST_AUTO_TEST_CASE(old_signatures_of_a_connection_ask_once_and_a_list_of_one_asks_the_same) {
  will_choose(1);
  const auto listed = ask("legacy.tokens", {{"origin", site}, {"certificates", true}, {"one", true}}).result;
  BOOST_TEST(asked() == consent_and_choice);
  BOOST_REQUIRE(listed.at("readers").as_array().size() == 1U);
  BOOST_TEST(listed.at("readers").at(0).at("name").as_string() == reader_b);
  const json::object to_sign{{"origin", site}, {"hash_function", "SHA-256"}};
  const auto made = ask("legacy.sign", to_sign, Bytes(32));
  const std::vector<std::string> consent_and_pin{"prompt.consent", "prompt.pin"};
  BOOST_TEST(asked() == consent_and_pin);
  BOOST_TEST(made.result.at("card_number") == listed.at("readers").at(0).at("token").at("serial_number"));
}

BOOST_AUTO_TEST_CASE(a_list_of_all_asks_for_no_choice) {
  BOOST_TEST(ask("legacy.tokens").result.at("readers").as_array().size() == 2U);
  BOOST_TEST(asked() == consent_only);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_named_is_on_one_card) {
  const auto der = signing_certificate(reader_b);
  static_cast<void>(asked());
  static_cast<void>(ask("sign", {{"origin", site}, {"certificate", der}, {"hash_function", "SHA-256"}}, Bytes(32)));
  const std::vector<std::string> consent_and_pin{"prompt.consent", "prompt.pin"};
  BOOST_TEST(asked() == consent_and_pin);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
