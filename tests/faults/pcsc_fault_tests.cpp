// Every call of PC/SC fails with every code in the middle of every operation (figure T5 of the threat model): the
// operation ends in time, the next one is right within two seconds, no login is left on the card, no try is lost.
//
// An operation is repeated with the first, second, third … call of a kind failing, once and from there on, until it
// does not make so many. TWCARD_FAULT_EVERY=n: every n-th of operation, call and code only (default 97, for the suite;
// scripts/soak has 1).
#include "tests/faults/operations.hpp"
#include "tests/system/other_program.hpp"
#include "tests/system/stack.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <thread>

using namespace twcard;
using namespace twcard::tests;

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds card_limit{5};
constexpr seconds grace{1};
constexpr seconds recovery_limit{2};

constexpr std::array<LONG, 14> codes{SCARD_E_NO_SERVICE,           SCARD_E_SERVICE_STOPPED,
                                     SCARD_E_NO_READERS_AVAILABLE, SCARD_E_UNKNOWN_READER,
                                     SCARD_E_READER_UNAVAILABLE,   SCARD_E_NO_SMARTCARD,
                                     SCARD_W_REMOVED_CARD,         SCARD_W_RESET_CARD,
                                     SCARD_W_UNRESPONSIVE_CARD,    SCARD_E_SHARING_VIOLATION,
                                     SCARD_E_NOT_TRANSACTED,       SCARD_F_COMM_ERROR,
                                     SCARD_E_INVALID_HANDLE,       SCARD_E_TIMEOUT};
// The reading of two cards takes some fifty commands.
constexpr std::uint32_t max_places = 16;

std::size_t every() {
  const char* text = std::getenv("TWCARD_FAULT_EVERY");
  return text == nullptr ? 97 : std::max<std::size_t>(1, std::strtoul(text, nullptr, 10));
}

// How an operation ended, and after what time.
struct Outcome {
  std::string error; // empty: well
  milliseconds took;
};

Outcome carry_out(const Operation& operation) {
  const auto started = steady_clock::now();
  Outcome outcome;
  try {
    operation.carry_out();
  } catch (const Error& error) {
    outcome.error = name_of(error.code());
  } catch (const std::exception& error) {
    outcome.error = error.what();
  }
  outcome.took = duration_cast<milliseconds>(steady_clock::now() - started);
  return outcome;
}

std::uint64_t failed_verifies() {
  const auto counters = boost::json::parse(run("twcard-sim counters 0 --json"));
  return counters.at("total").at("failed_verifies").to_number<std::uint64_t>();
}

struct Figures {
  std::size_t armed = 0;
  std::size_t hit = 0;
  std::size_t failed = 0;
  milliseconds longest{0};
  milliseconds slowest_recovery{0};
  std::map<std::string, std::size_t> errors;
};

// What is the same for each case.
class Cases final {
public:
  explicit Cases(FaultyService& service) : m_service(service) {}

  void all_places(const Operation& operation, PcscCall call, LONG code) {
    for (std::uint32_t passing = 0; passing < max_places; ++passing) {
      if (!one(operation, call, code, passing, 1)) return;
      one(operation, call, code, passing, FaultyService::every_time);
    }
  }

  Figures figures;

private:
  // True when the operation made the call.
  bool one(const Operation& operation, PcscCall call, LONG code, std::uint32_t passing, std::uint32_t times) {
    const auto name = fmt::format("{}: {:08X} from {} no. {}{}", operation.name, static_cast<std::uint32_t>(code),
                                  call_names[static_cast<std::size_t>(call)], passing + 1, times == 1 ? "" : " on");
    ++figures.armed;
    m_service.fail(call, code, passing, times);
    const auto during = carry_out(operation);
    const auto hits = m_service.hits();
    m_service.clear();
    figures.hit += hits > 0 ? 1 : 0;
    figures.failed += during.error.empty() ? 0 : 1;
    ++figures.errors[during.error];
    figures.longest = std::max(figures.longest, during.took);
    BOOST_TEST(during.took < card_limit + grace, name << ": " << during.took.count() << " ms");
    BOOST_TEST(during.error != "internal", name << ": an internal error");
    recover(operation, name);
    if (operation.sends_pin && hits > 0) {
      OtherProgram other(0);
      BOOST_TEST(other.try_private_operation().value() == 0x6982, name << ": a login is left on the card");
    }
    return hits > 0;
  }

  void recover(const Operation& operation, const std::string& name) {
    const auto cleared = steady_clock::now();
    for (;;) {
      const auto again = carry_out(operation);
      const auto took = duration_cast<milliseconds>(steady_clock::now() - cleared);
      if (again.error.empty()) {
        figures.slowest_recovery = std::max(figures.slowest_recovery, took);
        return;
      }
      if (took > recovery_limit) {
        BOOST_TEST(false, name << ": afterwards " << again.error);
        return;
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
  }

  FaultyService& m_service;
};

} // namespace

BOOST_AUTO_TEST_SUITE(pcsc_faults)

BOOST_AUTO_TEST_CASE(every_operation_survives_every_code_at_every_call) {
  person("approve");
  FaultyService faulty(card_limit);
  faulty.start();
  const auto all = operations(faulty);
  BOOST_REQUIRE(all.size() == 12U);
  for (const auto& operation : all)
    BOOST_REQUIRE_MESSAGE(eventually([&] { return carry_out(operation).error.empty(); }), operation.name);
  const auto tries_before = failed_verifies();
  const auto threads_before = faulty.threads();

  Cases cases(faulty);
  std::size_t number = 0;
  for (const auto& operation : all)
    for (const auto call : all_calls)
      for (const auto code : codes)
        if (number++ % every() == 0) cases.all_places(operation, call, code);

  BOOST_TEST(failed_verifies() == tries_before);
  BOOST_TEST(eventually([&] { return faulty.threads() <= threads_before; }));
  const auto& figures = cases.figures;
  std::cout << fmt::format("PC/SC faults: {} armed ({} calls, {} codes, {} operations), {} of them hit, {} operations "
                           "failed; longest {} ms, slowest recovery {} ms\n",
                           figures.armed, all_calls.size(), codes.size(), all.size(), figures.hit, figures.failed,
                           figures.longest.count(), figures.slowest_recovery.count());
  for (const auto& [error, count] : figures.errors)
    std::cout << fmt::format("  {:<24} {}\n", error.empty() ? "(well)" : error, count);
}

BOOST_AUTO_TEST_SUITE_END()
