// Which events each connection receives, and in which order.
#include "tests/daemon/card/service_fixture.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

// Subscribed, and with all its events so far in order.
class Subscriber {
public:
  Subscriber(const ServiceFixture& service, const char* origin) : m_client(service.connect()) {
    json::object params;
    if (origin != nullptr) params["origin"] = origin;
    subscribed = m_client.call("events.subscribe", params).result;
  }

  // The types of events until one of this type, it included.
  std::vector<std::string> until(std::string_view type) {
    std::vector<std::string> types;
    for (;;) {
      const auto event = m_client.next_notification(std::chrono::seconds(10));
      BOOST_REQUIRE_MESSAGE(event, "no event " << type);
      types.emplace_back(event->params.at("type").as_string());
      last = event->params;
      if (types.back() == type) return types;
    }
  }
  // Nothing came: everything that was sent before the answer to a call is here when that answer is.
  bool nothing() {
    m_client.call("hello");
    return !m_client.next_notification(std::chrono::milliseconds(0));
  }
  rpc::Client& client() { return m_client; }

  json::object subscribed;
  json::object last;

private:
  rpc::Client m_client;
};

using Types = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(events, ServiceFixture)

BOOST_AUTO_TEST_CASE(a_program_gets_every_event_in_order) {
  Subscriber program(*this, nullptr);
  BOOST_TEST(program.subscribed.at("readers").as_array().size() == 2U);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_TEST(program.until("card_ready") == (Types{"card_inserted", "card_ready"}), boost::test_tools::per_element());
  BOOST_TEST(program.last.at("reader").as_string() == reader_a);
  BOOST_TEST(program.last.at("card").at("kind").as_string() == "hicos");
  readers.simulator().remove(reader_a);
  BOOST_TEST(program.until("card_removed") == Types{"card_removed"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unreadable_card_is_listed_with_its_error) {
  Subscriber program(*this, nullptr);
  readers.simulator().insert(reader_a, unknown_card());
  BOOST_TEST(program.until("card_failed") == (Types{"card_inserted", "card_failed"}), boost::test_tools::per_element());
  BOOST_TEST(program.last.at("card").at("error").at("code").as_string() == "unsupported_card");
}

BOOST_AUTO_TEST_CASE(a_swap_that_nobody_saw_is_a_removal_and_an_insertion) {
  insert(reader_a, citizen_card());
  Subscriber program(*this, nullptr);
  readers.hold(reader_a); // the order does not depend on how fast the new card is read
  readers.simulator().remove(reader_a);
  readers.simulator().insert(reader_a, another_citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  readers.release();
  BOOST_TEST(program.until("card_ready") == (Types{"card_removed", "card_inserted", "card_ready"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_loss_of_pcscd_takes_cards_and_readers_with_it) {
  insert(reader_a, citizen_card());
  Subscriber program(*this, nullptr);
  readers.set_pcsc_running(false);
  BOOST_TEST(program.until("pcsc_lost") == (Types{"card_removed", "reader_removed", "reader_removed", "pcsc_lost"}),
             boost::test_tools::per_element());
  readers.set_pcsc_running(true);
  BOOST_TEST(program.until("card_inserted").front() == "pcsc_back");
}

BOOST_AUTO_TEST_CASE(a_site_without_consent_gets_no_events) {
  insert(reader_a, citizen_card());
  Subscriber page(*this, site);
  BOOST_TEST(page.subscribed.at("readers").as_array().empty());
  remove(reader_a);
  insert(reader_a, citizen_card());
  readers.set_pcsc_running(false);
  wait_for_event("pcsc_lost");
  BOOST_TEST(page.nothing());
}

BOOST_AUTO_TEST_CASE(a_refused_site_learns_nothing) {
  insert(reader_a, citizen_card());
  Subscriber page(*this, site);
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(page.client().call("certificates", {{"origin", site}}), Errc::ConsentDenied);
  remove(reader_a);
  BOOST_TEST(page.nothing());
}

BOOST_AUTO_TEST_CASE(a_site_gets_events_of_the_card_it_had_a_consent_for_and_of_its_return) {
  const auto card = citizen_card();
  insert(reader_a, card);
  Subscriber page(*this, site);
  page.client().call("certificates", {{"origin", site}});
  readers.simulator().remove(reader_a);
  BOOST_TEST(page.until("card_removed") == Types{"card_removed"}, boost::test_tools::per_element());
  readers.simulator().insert(reader_b, card);
  BOOST_TEST(page.until("card_ready") == (Types{"card_inserted", "card_ready"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_site_learns_nothing_about_other_cards) {
  insert(reader_a, citizen_card());
  Subscriber page(*this, site);
  page.client().call("certificates", {{"origin", site}});
  insert(reader_b, another_citizen_card());
  remove(reader_b);
  insert(reader_b, health_card());
  BOOST_TEST(page.nothing());
}

BOOST_AUTO_TEST_CASE(the_consent_of_one_connection_or_site_does_not_cover_another) {
  insert(reader_a, citizen_card());
  Subscriber page(*this, site);
  Subscriber other_connection(*this, site);
  Subscriber other_site(*this, "https://other.test");
  page.client().call("certificates", {{"origin", site}});
  readers.simulator().remove(reader_a);
  page.until("card_removed");
  BOOST_TEST(other_connection.nothing());
  BOOST_TEST(other_site.nothing());
}

BOOST_AUTO_TEST_CASE(a_reading_of_an_nhi_card_is_a_consent_for_its_events) {
  const auto card = health_card();
  insert(reader_a, card);
  const std::array<std::pair<const char*, boost::json::object>, 2> readings = {
      {{"nhi.read", {{"origin", site}, {"fields", {"name"}}}}, {"legacy.nhi_basic", {{"origin", site}}}}};
  for (const auto& [method, params] : readings) {
    Subscriber page(*this, site);
    page.client().call(method, params);
    readers.simulator().remove(reader_a);
    page.until("card_removed");
    readers.simulator().insert(reader_a, card);
    BOOST_TEST(page.until("card_ready") == (Types{"card_inserted", "card_ready"}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
