// Calls of PC/SC that do not return, and a card that never answers: the caller gets its answer at the deadline, the
// other reader works meanwhile, no thread is added, and everything works when the call returns.
#include "tests/faults/operations.hpp"
#include "tests/system/stack.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>
#include <iostream>

using namespace twcard;
using namespace twcard::tests;

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds card_limit{1};
// The longest way of an operation: the card is found, and then used.
constexpr seconds end_of_operation = 2 * card_limit + seconds(1);

struct Blocking {
  Blocking() : faulty(card_limit) {
    person("approve");
    faulty.start();
    for (auto& each : operations(faulty)) all.emplace(std::string(each.name), each);
    BOOST_REQUIRE(eventually([this] { return outcome("status").empty(); }));
    threads = faulty.threads();
  }
  ~Blocking() { run("twcard-sim fault 0 --clear"); }

  // The error that an operation ends with, "" for none.
  std::string outcome(const std::string& name) {
    const auto started = steady_clock::now();
    std::string error;
    try {
      all.at(name).carry_out();
    } catch (const Error& fault) {
      error = name_of(fault.code());
    } catch (const std::exception& fault) {
      error = fault.what();
    }
    took = duration_cast<milliseconds>(steady_clock::now() - started);
    return error;
  }

  void blocks(PcscCall call, const std::string& operation, std::uint32_t passing = 0,
              const std::string& error_of_the_wait = "timeout") {
    const auto name = fmt::format("{} in {}", call_names[static_cast<std::size_t>(call)], operation);
    faulty.fail(call, FaultControl::block, passing, 1);
    const auto error = outcome(operation);
    BOOST_TEST(faulty.hits() == 1U, name << " was not called");
    BOOST_TEST(error == error_of_the_wait, name << ": '" << error << "'");
    BOOST_TEST(took < end_of_operation, name << ": " << took.count() << " ms");
    BOOST_TEST(outcome("token.random") == error_of_the_wait, name);
    BOOST_TEST(outcome("nhi.read") == "", name << ": the other reader");
    BOOST_TEST(outcome("token.list") == "", name);
    BOOST_TEST(faulty.threads() == threads, name);
    faulty.clear();
    BOOST_TEST(eventually([this] { return outcome("token.random").empty(); }), name << ": afterwards");
    BOOST_TEST(outcome(operation) == "", name << ": once more");
  }

  FaultyService faulty;
  std::map<std::string, Operation> all;
  milliseconds took{0};
  std::size_t threads = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(blocked_calls, Blocking)

BOOST_AUTO_TEST_CASE(a_transmit_that_never_returns_costs_one_reader) {
  blocks(PcscCall::Transmit, "token.random");
  blocks(PcscCall::Transmit, "authenticate", 3); // VERIFY
}

BOOST_AUTO_TEST_CASE(a_transaction_that_never_begins_costs_one_reader) {
  // As it does while another program has one.
  blocks(PcscCall::BeginTransaction, "token.random", 0, "card_busy");
}

BOOST_AUTO_TEST_CASE(a_transaction_that_never_ends_costs_one_reader) {
  // The answer is there when the transaction ends, and is not given before it has.
  blocks(PcscCall::EndTransaction, "token.random");
}

BOOST_AUTO_TEST_CASE(a_service_whose_pcscd_never_answers_reports_no_pcsc_and_ends) {
  BOOST_REQUIRE(faulty.stop());
  faulty.fail(PcscCall::EstablishContext, FaultControl::block);
  faulty.start();
  BOOST_TEST(outcome("status") == "PC/SC is not reachable");
  BOOST_TEST(outcome("certificates") == "no_pcsc");
  faulty.clear();
  BOOST_TEST(eventually([this] { return outcome("certificates").empty(); }));
}

BOOST_AUTO_TEST_CASE(a_card_that_never_answers_is_gone_when_it_is_pulled_and_the_next_one_works) {
  std::ofstream(stack_file("mute.json")) << R"({"faults": [{"fault": "mute", "times": 0}]})";
  run("twcard-sim fault 0 '" + stack_file("mute.json") + "'");
  BOOST_TEST(outcome("token.random") == "timeout");
  BOOST_TEST(outcome("authenticate") == "timeout");
  BOOST_TEST(outcome("nhi.read") == "");
  BOOST_TEST(faulty.threads() == threads);
  remove_card(0);
  run("twcard-sim fault 0 --clear");
  BOOST_TEST(outcome("token.random") == "no_card");
  insert_card(0, stack_file("hicos.json"));
  BOOST_TEST(outcome("token.random") == "");
  BOOST_TEST(outcome("authenticate") == "");
}

BOOST_AUTO_TEST_SUITE_END()
