#include "tests/cli/fake_service.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

const std::string inserted = R"({"type": "card_ready", "reader": "Test\u0007 Reader 00",
  "card": {"state": "ready", "kind": "nhi", "atr": "3B00"}})";

void serve_subscription(FakeService& service) {
  service.on("events.subscribe", R"({"readers": [{"name": "Test Reader 00", "card": null}]})");
}

// Without the time of day in front.
std::string after_time(const std::string& line) {
  BOOST_REQUIRE_GT(line.size(), 10u);
  BOOST_TEST(line.substr(2, 1) + line.substr(5, 1) + line.substr(8, 2) == "::  ");
  return line.substr(10);
}

} // namespace

BOOST_AUTO_TEST_SUITE(events_command)

BOOST_AUTO_TEST_CASE(events_are_printed_as_they_come_until_interrupted) {
  FakeService service;
  serve_subscription(service);
  for (const int signal : {SIGINT, SIGTERM}) {
    ChildProgram program(twcard_program(), {"events"}, service.environment());
    BOOST_TEST(after_time(program.read_line()) == "Test Reader 00: no card");
    service.notify(inserted);
    BOOST_TEST(after_time(program.read_line()) == "card ready  Test\\u{7} Reader 00: NHI card, ready");
    service.notify(R"({"type": "card_removed", "reader": "Test Reader 00",
      "card": {"state": "ready", "kind": "nhi", "atr": "3B00"}})");
    BOOST_TEST(after_time(program.read_line()) == "card removed  Test Reader 00: NHI card");
    program.send_signal(signal);
    const auto outcome = program.finish();
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.out.empty());
  }
}

BOOST_AUTO_TEST_CASE(events_in_json_are_one_object_a_line) {
  FakeService service;
  serve_subscription(service);
  ChildProgram program(twcard_program(), {"events", "--json"}, service.environment());
  const auto first = json_of(program.read_line());
  BOOST_TEST(first.at("type").as_string() == "subscribed");
  BOOST_TEST(first.at("readers").at(0).at("name").as_string() == "Test Reader 00");
  service.notify(inserted);
  service.notify(inserted);
  BOOST_TEST((json_of(program.read_line()) == json_of(inserted)));
  BOOST_TEST((json_of(program.read_line()) == json_of(inserted)));
}

BOOST_AUTO_TEST_CASE(events_end_with_6_when_the_service_ends) {
  FakeService service;
  serve_subscription(service);
  ChildProgram program(twcard_program(), {"events", "--json"}, service.environment());
  (void)program.read_line();
  service.stop();
  const auto outcome = program.finish();
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(json_of(outcome.out).at("error").at("code").as_string() == "service_unavailable");
}

BOOST_AUTO_TEST_SUITE_END()
