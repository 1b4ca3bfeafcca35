// Readers and cards: what the service knows, from where, and what it says when something is missing.
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

json::object login() {
  return {{"origin", site}, {"nonce", nonce}};
}

json::value card_in(const json::object& status, const char* reader) {
  for (const auto& each : status.at("readers").as_array())
    if (each.at("name").as_string() == reader) return each.at("card");
  BOOST_FAIL("no reader " << reader);
  return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(readers_and_cards, ServiceFixture)

BOOST_AUTO_TEST_CASE(status_shows_readers_and_cards) {
  insert(reader_a, citizen_card());
  const auto status = call("status").result;
  BOOST_TEST(status.at("pcsc").as_string() == "ok");
  BOOST_TEST(status.at("readers").as_array().size() == 2U);
  BOOST_TEST(status.at("profile_faults").as_array().empty());
  const auto card = card_in(status, reader_a);
  BOOST_TEST(card.at("state").as_string() == "ready");
  BOOST_TEST(card.at("kind").as_string() == "hicos");
  BOOST_TEST(card.at("atr").as_string().starts_with("3B"));
  BOOST_TEST(card_in(status, reader_b).is_null());
}

BOOST_AUTO_TEST_CASE(the_card_is_read_once_an_insertion_and_listed_without_an_apdu) {
  const auto card = citizen_card();
  insert(reader_a, card);
  BOOST_TEST(card->counters().apdus > 0U);
  card->reset_counters();
  for (int i = 0; i < 3; ++i) BOOST_TEST(call("certificates").result.at("certificates").as_array().size() == 4U);
  static_cast<void>(call("certificates", {{"origin", site}}));
  static_cast<void>(call("status"));
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_listing_has_the_documented_members) {
  insert(reader_a, citizen_card());
  const auto listing = call("certificates").result;
  BOOST_TEST(listing.at("reader").as_string() == reader_a);
  BOOST_TEST(listing.at("card").at("kind").as_string() == "hicos");
  for (const auto& each : listing.at("certificates").as_array()) {
    const auto& certificate = each.as_object();
    for (const char* member : {"id", "label", "role", "der", "subject", "issuer", "serial_number", "not_before",
                               "not_after", "key_bits", "usage", "has_key"})
      BOOST_TEST(certificate.contains(member), member);
  }
}

BOOST_AUTO_TEST_CASE(a_site_gets_only_the_certificates_with_a_key) {
  insert(reader_a, citizen_card());
  const auto listing = call("certificates", {{"origin", site}}).result;
  BOOST_TEST(listing.at("certificates").as_array().size() == 2U);
  for (const auto& each : listing.at("certificates").as_array()) BOOST_TEST(each.at("has_key").as_bool());
}

BOOST_AUTO_TEST_CASE(a_card_that_is_being_read_is_waited_for) {
  readers.hold(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  BOOST_TEST(card_in(call("status").result, reader_a).at("state").as_string() == "reading");
  auto listing = std::async(std::launch::async, [this] { return call("certificates").result; });
  readers.release();
  BOOST_TEST(listing.get().at("certificates").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_empty_reader_has_no_card) {
  CHECK_ERROR(call("certificates"), Errc::NoCard);
  CHECK_ERROR(call("token.random"), Errc::NoCard);
  CHECK_ERROR(call("authenticate", login()), Errc::NoCard);
  CHECK_ERROR(call("certificates", {{"reader", reader_a}}), Errc::NoCard);
}

BOOST_AUTO_TEST_CASE(two_fitting_cards_have_to_be_told_apart_by_a_program) {
  insert(reader_a, citizen_card());
  insert(reader_b, another_citizen_card());
  CHECK_ERROR(call("certificates"), Errc::SeveralCards);
  CHECK_ERROR(call("token.random"), Errc::SeveralCards);
  BOOST_TEST(prompt->questions().empty());
  const auto first = call("certificates", {{"reader", reader_a}}).result;
  const auto second = call("certificates", {{"reader", reader_b}}).result;
  BOOST_TEST(first.at("reader").as_string() == reader_a);
  BOOST_TEST((first.at("certificates") != second.at("certificates")));
  CHECK_ERROR(call("certificates", {{"reader", "Reader C"}}), Errc::NoReader);
}

BOOST_AUTO_TEST_CASE(cards_of_two_kinds_are_told_apart_by_the_request) {
  insert(reader_a, citizen_card());
  insert(reader_b, health_card());
  BOOST_TEST(call("certificates").result.at("reader").as_string() == reader_a);
  BOOST_TEST(call("nhi.read", {{"fields", {"name"}}}).result.at("reader").as_string() == reader_b);
}

BOOST_AUTO_TEST_CASE(a_card_that_no_driver_knows_is_said_to_be_one) {
  insert(reader_a, unknown_card());
  const auto card = card_in(call("status").result, reader_a);
  BOOST_TEST(card.at("state").as_string() == "failed");
  BOOST_TEST(card.at("error").at("code").as_string() == "unsupported_card");
  CHECK_ERROR(call("certificates"), Errc::UnsupportedCard);
}

BOOST_AUTO_TEST_CASE(a_card_without_a_readable_certificate_is_a_card_error) {
  // Every file of the card comes as noise.
  readers.on_response([](ByteView command, Bytes response) {
    const bool read_binary = command.size() > 1 && command[1] == 0xB0;
    if (read_binary) std::fill(response.begin(), response.end() - 2, std::uint8_t{0x5A});
    return response;
  });
  insert(reader_a, citizen_card());
  BOOST_TEST(card_in(call("status").result, reader_a).at("error").at("code").as_string() == "card_error");
  CHECK_ERROR(call("authenticate", login()), Errc::BadCardData);
}

BOOST_AUTO_TEST_CASE(a_card_that_another_program_held_is_read_when_it_is_wanted) {
  readers.refuse_opening(1);
  insert(reader_a, citizen_card());
  BOOST_TEST(card_in(call("status").result, reader_a).at("error").at("code").as_string() == "card_busy");
  BOOST_TEST(call("certificates").result.at("certificates").as_array().size() == 4U);
  readers.refuse_opening(2);
  remove(reader_a);
  insert(reader_a, citizen_card());
  CHECK_ERROR(call("certificates"), Errc::CardReset);
}

BOOST_AUTO_TEST_CASE(without_pcscd_every_use_says_so_until_it_is_back) {
  insert(reader_a, citizen_card());
  readers.set_pcsc_running(false);
  wait_for_event("pcsc_lost");
  const auto status = call("status").result;
  BOOST_TEST(status.at("pcsc").as_string() == "no_pcsc");
  BOOST_TEST(status.at("readers").as_array().empty());
  CHECK_ERROR(call("certificates"), Errc::NoPcsc);
  CHECK_ERROR(call("authenticate", login()), Errc::NoPcsc);
  CHECK_ERROR(call("nhi.read", {{"fields", {"name"}}}), Errc::NoPcsc);
  readers.set_pcsc_running(true);
  wait_for_event("pcsc_back");
  wait_for_event("card_ready");
  BOOST_TEST(call("certificates").result.at("certificates").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_card_that_never_answers_costs_its_own_reader_only) {
  insert(reader_b, another_citizen_card());
  readers.hold(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  auto params = login();
  params["reader"] = reader_b;
  BOOST_CHECK_NO_THROW(call("authenticate", params));
  BOOST_CHECK_NO_THROW(call("status"));
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_forever_for_a_card_that_never_answers) {
  readers.hold(reader_a);
  readers.simulator().insert(reader_a, citizen_card());
  BOOST_REQUIRE(readers.wait_until_held());
  BOOST_TEST(!stop_service(std::chrono::milliseconds(10)));
  readers.release();
  BOOST_TEST(stop_service());
}

BOOST_AUTO_TEST_CASE(stopping_waits_for_the_card_operation_that_runs) {
  const auto card = citizen_card();
  insert(reader_a, card);
  card->reset_counters();
  readers.hold(reader_a);
  rpc::testing::RawConnection program(socket());
  program.send_json(R"({"jsonrpc":"2.0","id":1,"method":"token.random"})");
  BOOST_REQUIRE(readers.wait_until_held());
  std::thread later([this] { readers.release(); });
  BOOST_TEST(stop_service());
  later.join();
  BOOST_TEST(card->counters().by_instruction[0x84] == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(readers_that_are_not_there)

struct Bare {
  explicit Bare(std::vector<std::string> names) : readers(std::move(names)) {
    service.emplace(context, readers, ServiceOptions{socket, folder.path() / "prompt.sock", {}});
    thread = std::thread([this] { context.run(); });
  }
  ~Bare() {
    boost::asio::post(context, [this] { static_cast<void>(service->stop(std::chrono::seconds(10))); });
    thread.join();
  }
  rpc::testing::PrivateFolder folder;
  std::filesystem::path socket = folder.path() / "card.sock";
  TestReaders readers;
  boost::asio::io_context context;
  std::optional<Service> service;
  std::thread thread;
};

BOOST_AUTO_TEST_CASE(no_reader_is_an_error_of_its_own) {
  const Bare bare({});
  auto client = rpc::Client::connect(bare.socket);
  BOOST_TEST(client.call("status").result.at("readers").as_array().empty());
  CHECK_ERROR(client.call("certificates"), Errc::NoReader);
}

BOOST_AUTO_TEST_CASE(a_service_that_starts_before_pcscd_says_so) {
  struct Down : Bare {
    Down() : Bare({reader_a}) { readers.set_pcsc_running(false); }
  } down;
  auto client = rpc::Client::connect(down.socket);
  client.call("events.subscribe");
  const auto lost = [&] { return client.call("status").result.at("pcsc").as_string() == "no_pcsc"; };
  if (!lost()) BOOST_TEST(client.next_notification(std::chrono::seconds(10)).has_value());
  down.readers.set_pcsc_running(true);
  for (;;) {
    const auto event = client.next_notification(std::chrono::seconds(10));
    BOOST_REQUIRE(event);
    if (event->params.at("type").as_string() == "pcsc_back") break;
  }
  CHECK_ERROR(client.call("certificates"), Errc::NoCard);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
