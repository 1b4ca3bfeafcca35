// nhi.authenticate: the card is proved to the simulator's authentication site, which signs; and all that can go wrong.
#include "daemon/card/nhi/signing.hpp"

#include "tests/daemon/card/nhi/simulated_site.hpp"
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>
#include <thread>

namespace twcard::service::testing {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

const json::object from_page{{"origin", site}, {"challenge", nonce}};

struct Fixture : SimulatedSite, ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = health_card();
  explicit Fixture(SiteLimits limits = {}) : ServiceFixture(Profiles::Installed, {}, SimulatedSite::port(), limits) {
    insert(reader_a, card);
    card->reset_counters();
  }
  json::object authenticate() const { return call("nhi.authenticate", from_page).result; }
  // The step that fails when the site behaves so.
  std::string failed_step(const std::string& words) {
    behave(words);
    const auto error = error_of([this] { authenticate(); });
    BOOST_TEST(name_of(error.code()) == "site_failed");
    return error.step();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(nhi_authentication, Fixture)

BOOST_AUTO_TEST_CASE(the_site_signs_for_the_card_in_four_apdus) {
  const auto result = authenticate();
  BOOST_TEST(card->counters().apdus == 4U);
  const std::string number(result.at("card_number").as_string());
  const std::string signed_text(result.at("signed").as_string());
  BOOST_TEST(number.size() == 12U);
  BOOST_TEST(signed_text == bound_challenge(site, nonce));
  BOOST_TEST(has_signed(number + signed_text, std::string(result.at("signature").as_string())));
}

BOOST_AUTO_TEST_CASE(what_is_signed_belongs_to_the_page_and_its_challenge) {
  const auto bound = bound_challenge(site, nonce);
  BOOST_TEST(bound.size() == 20U);
  BOOST_TEST(bound.substr(0, 4) == "0001");
  BOOST_TEST(bound != bound_challenge("https://other.test", nonce));
  BOOST_TEST(bound != bound_challenge(site, "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"));
}

BOOST_AUTO_TEST_CASE(the_person_is_asked_and_a_refusal_reaches_neither_site_nor_card) {
  prompt->answer(ScriptedPrompt::Refuse{});
  behave("hello:refuse");
  CHECK_ERROR(authenticate(), Errc::ConsentDenied);
  BOOST_TEST(card->counters().apdus == 0U);
  const auto asked = prompt->questions();
  BOOST_REQUIRE_EQUAL(asked.size(), 1U);
  BOOST_TEST(asked[0].params.at("operation").as_string() == "nhi.authenticate");
  BOOST_TEST(asked[0].params.at("caller").at("origin").as_string() == site);
}

BOOST_AUTO_TEST_CASE(a_page_and_a_challenge_are_needed) {
  for (const json::object& params : {json::object{{"challenge", nonce}}, json::object{{"origin", site}},
                                     json::object{{"origin", site}, {"challenge", "short"}}})
    CHECK_ERROR(call("nhi.authenticate", params), Errc::BadRequest);
  BOOST_TEST(prompt->questions().empty());
}

BOOST_AUTO_TEST_CASE(each_failure_of_the_site_names_its_step) {
  for (const char* fault : {"refuse", "cut", "endless", "padding", "length", "garbage", "forged"}) {
    BOOST_TEST_CONTEXT(fault) {
      const std::string name(fault);
      BOOST_TEST(failed_step("hello:" + name + "@1") == "health_check");
      BOOST_TEST(failed_step("hello:" + name + "@2") == "hello");
      if (name != "forged") BOOST_TEST(failed_step("module-data:" + name) == "challenge");
      BOOST_TEST(failed_step("signature:" + name) == "signature");
    }
  }
  BOOST_TEST(failed_step("module-data:trailing") == "challenge");
  BOOST_TEST(failed_step("signature:trailing") == "signature");
  BOOST_TEST(failed_step("health:cut") == "health_check");
  behave("");
  BOOST_TEST(!authenticate().empty());
}

BOOST_AUTO_TEST_CASE(a_card_that_does_not_believe_the_site_refuses) {
  behave("module-data:forged");
  const auto error = error_of([this] { authenticate(); });
  BOOST_TEST(name_of(error.code()) == "card_refused");
  BOOST_TEST(error.step() == "card_answer");
}

BOOST_AUTO_TEST_CASE(terminators_inside_of_fields_and_delays_do_no_harm) {
  behave("module-data:terminator signature:delay=200 hello:delay=100");
  BOOST_TEST(!authenticate().empty());
}

BOOST_AUTO_TEST_CASE(a_site_whose_texts_have_no_terminator_of_their_own_signs) {
  behave("module-data:bare signature:bare");
  BOOST_TEST(!authenticate().empty());
}

BOOST_AUTO_TEST_CASE(two_pages_at_once_both_get_their_signature) {
  auto first = std::async(std::launch::async, [this] { return authenticate(); });
  auto second = std::async(std::launch::async, [this] { return authenticate(); });
  BOOST_TEST(!first.get().empty());
  BOOST_TEST(!second.get().empty());
}

BOOST_AUTO_TEST_CASE(while_a_site_is_slow_other_cards_are_served) {
  insert(reader_b, citizen_card());
  behave("module-data:delay=500");
  auto slow = std::async(std::launch::async, [this] { return authenticate(); });
  BOOST_TEST(call("token.random", {{"reader", reader_b}}).blob.size() == 8U);
  BOOST_TEST(!slow.get().empty());
}

BOOST_AUTO_TEST_CASE(a_card_that_is_pulled_while_the_site_is_asked_is_said) {
  behave("module-data:delay=300");
  auto lost = std::async(std::launch::async, [this] { return error_of([this] { authenticate(); }); });
  while (card->counters().apdus < 3) std::this_thread::sleep_for(1ms);
  remove(reader_a);
  BOOST_TEST(name_of(lost.get().code()) == "card_removed");
  insert(reader_a, health_card());
  behave("");
  BOOST_TEST(!authenticate().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_site_that_says_nothing_costs_a_step) {
  Fixture fixture({1s, 15s});
  BOOST_TEST(fixture.failed_step("health:mute") == "health_check");
  fixture.behave("");
  BOOST_TEST(!fixture.authenticate().empty());
}

BOOST_AUTO_TEST_CASE(delays_that_add_up_end_at_the_limit_of_the_whole) {
  Fixture fixture({5s, 1s});
  BOOST_TEST(
      !fixture.failed_step("hello:delay=400 health:delay=400 module-data:delay=400 signature:delay=400").empty());
}

namespace {

struct NoSite : ServiceFixture {
  explicit NoSite(std::uint16_t port = 0) : ServiceFixture(Profiles::Installed, {}, port) {
    insert(reader_a, health_card());
  }
};

std::uint16_t port_of_nobody() {
  const SimulatedSite ended;
  return ended.port();
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_profile_the_missing_one_is_named) {
  const NoSite fixture;
  CHECK_ERROR(fixture.call("nhi.authenticate", from_page), Errc::ProfileMissing);
}

namespace {

enum class Missing { Nothing, Pcsc, Reader, Card, RightCard };

// The errors of nhi.authenticate and legacy.nhi_sign, which are one. Commands to a card fail the test: those that look
// at a card when it is inserted come before.
std::string error_without(Missing missing, std::uint16_t port) {
  const bool no_reader = missing == Missing::Reader;
  ServiceFixture fixture(ServiceFixture::Profiles::Installed, {}, port, {},
                         no_reader ? std::vector<std::string>() : std::vector<std::string>{reader_a});
  const auto card = missing == Missing::RightCard ? citizen_card() : health_card();
  if (!no_reader && missing != Missing::Card) fixture.insert(reader_a, card);
  if (missing == Missing::Pcsc) {
    fixture.readers.set_pcsc_running(false);
    fixture.wait_for_event("pcsc_lost");
  }
  card->reset_counters();
  const auto name = [&](std::string_view method, const json::object& params) {
    return name_of(error_of([&] { fixture.call(method, params); }).code());
  };
  const auto native = name("nhi.authenticate", from_page);
  const auto old = name("legacy.nhi_sign", {{"origin", site}, {"random", "00011234567890123456"}});
  BOOST_TEST(native == old);
  BOOST_TEST(card->counters().apdus == 0U);
  BOOST_TEST(fixture.prompt->questions().size() == 2U);
  return std::string(old);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_site_that_is_not_there_is_said_before_anything_about_cards) {
  const auto port = port_of_nobody();
  for (const auto missing : {Missing::Nothing, Missing::Pcsc, Missing::Reader, Missing::Card, Missing::RightCard})
    BOOST_TEST_CONTEXT(static_cast<int>(missing)) {
      BOOST_TEST(error_without(missing, port) == "site_unreachable");
    }
}

BOOST_AUTO_TEST_CASE(with_a_site_that_is_there_it_is_said_what_is_missing) {
  const SimulatedSite there;
  BOOST_TEST(error_without(Missing::Pcsc, there.port()) == "no_pcsc");
  BOOST_TEST(error_without(Missing::Reader, there.port()) == "no_reader");
  BOOST_TEST(error_without(Missing::Card, there.port()) == "no_card");
  BOOST_TEST(error_without(Missing::RightCard, there.port()) == "no_card");
}

BOOST_AUTO_TEST_CASE(a_site_that_is_not_well_is_said_before_a_missing_card) {
  SimulatedSite ill;
  for (const char* words : {"health:cut", "hello:cut@1"}) {
    ill.behave(words);
    const ServiceFixture fixture(ServiceFixture::Profiles::Installed, {}, ill.port());
    const auto error = error_of([&] { fixture.call("nhi.authenticate", from_page); });
    BOOST_TEST(name_of(error.code()) == "site_failed");
    BOOST_TEST(error.step() == "health_check");
  }
}

BOOST_AUTO_TEST_CASE(a_health_check_that_says_no_does_not_stop_the_way_to_the_card) {
  SimulatedSite ill;
  ill.behave("health:refuse");
  const ServiceFixture fixture(ServiceFixture::Profiles::Installed, {}, ill.port());
  CHECK_ERROR(fixture.call("nhi.authenticate", from_page), Errc::NoCard);
  ServiceFixture with_card(ServiceFixture::Profiles::Installed, {}, ill.port());
  with_card.insert(reader_a, health_card());
  BOOST_TEST(!with_card.call("nhi.authenticate", from_page).result.empty());
}

BOOST_AUTO_TEST_CASE(a_refused_consent_opens_no_connection_to_the_site) {
  // Nobody listens there: a connection would be site_unreachable.
  NoSite fixture(port_of_nobody());
  fixture.prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(fixture.call("nhi.authenticate", from_page), Errc::ConsentDenied);
}

namespace {

// Two cards, and a profile that fits the second one alone.
struct SiteOfOneCard : SimulatedSite, ServiceFixture {
  SiteOfOneCard() {
    const auto second = health_card("B123456780");
    auto profile = json::parse(simulator::nhi_test_profile(SimulatedSite::port())).as_object();
    profile["atrs"] = json::array{to_hex(second->atr())};
    std::ofstream(ServiceFixture::m_folder.path() / "nhi.json") << json::serialize(profile);
    restart_service();
    simulator::InventedPerson person;
    person.name = "王小明";
    person.id_number = "A123456789";
    auto first = json::parse(json::serialize(simulator::personalise("nhi", person, {}))).as_object();
    first["atr"] = "3B80800101";
    insert(reader_a, simulator::card_from_json(first));
    insert(reader_b, second);
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_card_without_a_profile_takes_nothing_from_the_one_that_has_it, SiteOfOneCard) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Choose{1});
  BOOST_CHECK_NO_THROW(call("nhi.authenticate", from_page));
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Choose{0});
  CHECK_ERROR(call("nhi.authenticate", from_page), Errc::ProfileMissing);
  BOOST_TEST(prompt->questions().size() == 4U);
}

} // namespace twcard::service::testing
