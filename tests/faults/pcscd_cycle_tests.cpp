// pcscd that ends and comes back, and a card that is removed and reinserted, over and over (figure T7 of the threat
// model): the service needs no restart, loses no consent, and grows neither threads nor descriptors.
//
// TWCARD_FAULT_CYCLES=n: n cycles (default 2, for the suite; scripts/soak has 500).
#include "tests/faults/faulty_service.hpp"
#include "tests/system/stack.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>

using namespace twcard;
using namespace twcard::tests;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* site = "https://page.test";

std::size_t cycles() {
  const char* text = std::getenv("TWCARD_FAULT_CYCLES");
  return text == nullptr ? 2 : std::max<std::size_t>(1, std::strtoul(text, nullptr, 10));
}

// From a moment on until the service uses the card again.
milliseconds until_used(steady_clock::time_point moment) {
  BOOST_REQUIRE(eventually([] {
    return error_of([] {
             auto client = service();
             client.call("token.random");
           })
        .empty();
  }));
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - moment);
}

// The events that a site gets after one consent.
bool told_of_the_card(rpc::Client& page) {
  for (;;) {
    const auto event = page.next_notification(std::chrono::seconds(10));
    if (!event) return false;
    if (event->params.at("type").as_string() == "card_ready") return true;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(pcscd_cycles)

BOOST_AUTO_TEST_CASE(pcscd_and_cards_come_and_go_and_the_service_stays) {
  person("approve");
  FaultyService without_faults(std::chrono::seconds(30));
  without_faults.start();
  until_used(steady_clock::now());
  auto page = service();
  page.call("certificates", {{"origin", site}});
  page.call("events.subscribe", {{"origin", site}});

  std::size_t threads = 0;
  std::size_t descriptors = 0;
  milliseconds slowest{0};
  for (std::size_t cycle = 0; cycle < cycles(); ++cycle) {
    stop_pcscd();
    const auto back = steady_clock::now();
    start_pcscd();
    slowest = std::max(slowest, until_used(back));
    BOOST_REQUIRE(told_of_the_card(page));
    remove_card(0);
    insert_card(0, stack_file("hicos.json"));
    BOOST_REQUIRE(told_of_the_card(page));
    until_used(steady_clock::now());
    BOOST_REQUIRE(without_faults.running());
    if (cycle == 0) {
      threads = without_faults.threads();
      descriptors = without_faults.descriptors();
    }
  }
  auto client = service();
  BOOST_TEST(error_of([&client] { sign(client); }) == "");
  BOOST_TEST(eventually([&] { return without_faults.threads() <= threads; }));
  BOOST_TEST(eventually([&] { return without_faults.descriptors() <= descriptors + 1; })); // `client`
  std::cout << fmt::format("pcscd: {} cycles of stop, start, removal and insertion, 0 restarts of the service; slowest "
                           "return after a start of pcscd {} ms\n",
                           cycles(), slowest.count());
}

BOOST_AUTO_TEST_SUITE_END()
