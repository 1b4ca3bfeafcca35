// Every call of PC/SC fails with every code in the middle of every operation (figure T5 of the threat model), with
// cards of both generations: the operation ends in time, the next one is right within two seconds, no login is left on
// the card, no try is lost, and what the service remembers of tries, certificates and consents is whole after each
// fault.
//
// An operation is repeated with the first, second, third … call of a kind failing, once and from there on, until it
// does not make so many. TWCARD_FAULT_EVERY=n: every n-th of operation, call and code only (default 97, for the suite;
// scripts/soak has 1).
#include "tests/faults/kept.hpp"
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

// A card's file, made by the test.
std::string personalised(const std::string& kind, const std::string& options, const std::string& name) {
  const auto file = stack_file(name + ".json");
  run(fmt::format("twcard-sim personalise --kind {} {} --pin '{}' --ca-generation 2 --out '{}' >/dev/null", kind,
                  options, stack_variable("TWCARD_TEST_PIN"), file));
  return file;
}

// What another program gets for a private operation: 6982 when nobody is logged in.
unsigned foreign_private_operation(int generation) {
  OtherProgram other(0);
  return generation == 1 ? other.try_private_operation().value()
                         : other.try_private_operation_of_generation_2().value();
}

std::optional<std::int64_t> tries_left() {
  auto client = service();
  const auto status = client.call("status").result;
  const auto& tries = status.at("readers").at(0).at("card").at("tries_left");
  return tries.is_null() ? std::nullopt : std::optional(tries.as_int64());
}

// The card in reader 0 has refused a PIN once, and goes: two of its tries are remembered as left.
void lose_a_try() {
  person("wrong-pin");
  BOOST_TEST(error_of([] {
               auto client = service();
               sign(client);
             }) == "pin_incorrect");
  person("approve");
  BOOST_TEST_REQUIRE((tries_left() == 2));
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
  Cases(FaultyService& service, int generation) : m_service(service), m_generation(generation) {}

  void all_places(const Operation& operation, PcscCall call, LONG code) {
    for (std::uint32_t passing = 0; passing < max_places; ++passing) {
      if (!one(operation, call, code, passing, 1)) return;
      one(operation, call, code, passing, FaultyService::every_time);
    }
  }

  // What is wrong with the notifications of the page with a consent.
  [[nodiscard]] std::string consent_fault() { return m_page.fault(); }

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
    if (operation.sends_pin && hits > 0)
      BOOST_TEST(foreign_private_operation(m_generation) == 0x6982U, name << ": a login is left on the card");
    const auto changes = changes_since(m_kept);
    BOOST_TEST(changes == "", name << ": " << changes);
    const auto consent = consent_fault();
    BOOST_TEST(consent == "", name << ": " << consent);
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
  int m_generation;
  std::map<std::string, std::string> m_kept = kept_files();
  ConsentedPage m_page;
};

// The operations `chosen`, with the card of `file` in the first reader.
void fail_everywhere(int generation, const std::string& file, const std::vector<std::string_view>& chosen,
                     std::uint64_t apdus_of_known_card) {
  person("approve");
  FaultyService faulty(card_limit);
  faulty.start();
  const auto refusing = personalised("hicos", "--name 陳大文 --id B123456780", "refusing");
  remove_card(0);
  insert_card(0, refusing);
  lose_a_try();
  remove_card(0);
  insert_card(0, file);
  auto all = operations(faulty);
  std::erase_if(all, [&chosen](const auto& each) { return std::ranges::count(chosen, each.name) == 0; });
  BOOST_REQUIRE(all.size() == chosen.size());
  for (const auto& operation : all)
    BOOST_REQUIRE_MESSAGE(eventually([&] { return carry_out(operation).error.empty(); }), operation.name);
  const auto tries_before = failed_verifies();
  const auto threads_before = faulty.threads();

  Cases cases(faulty, generation);
  std::size_t number = 0;
  for (const auto& operation : all)
    for (const auto call : all_calls)
      for (const auto code : codes)
        if (number++ % every() == 0) cases.all_places(operation, call, code);

  BOOST_TEST(failed_verifies() == tries_before);
  BOOST_TEST(eventually([&] { return faulty.threads() <= threads_before; }));
  remove_card(0);
  insert_card(0, file);
  BOOST_TEST(cases.consent_fault() == "", "when the card is removed and reinserted");
  BOOST_TEST(apdus(0) == apdus_of_known_card, "the certificates are not used that are kept on disk");
  remove_card(0);
  insert_card(0, refusing);
  BOOST_TEST((tries_left() == 2));
  remove_card(0);
  insert_card(0, stack_file("hicos.json"));

  const auto& figures = cases.figures;
  std::cout << fmt::format(
      "PC/SC faults, generation {}: {} armed ({} calls, {} codes, {} operations), {} of them hit, {} "
      "operations failed; longest {} ms, slowest recovery {} ms\n",
      generation, figures.armed, all_calls.size(), codes.size(), all.size(), figures.hit, figures.failed,
      figures.longest.count(), figures.slowest_recovery.count());
  for (const auto& [error, count] : figures.errors)
    std::cout << fmt::format("  {:<24} {}\n", error.empty() ? "(well)" : error, count);
}

// SELECT of the certificate file and the end of each of four certificates: whether one was renewed in place.
constexpr std::uint64_t apdus_for_renewal = 5;

} // namespace

BOOST_AUTO_TEST_SUITE(pcsc_faults)

BOOST_AUTO_TEST_CASE(every_operation_survives_every_code_at_every_call) {
  fail_everywhere(1, stack_file("hicos.json"),
                  {"status", "certificates", "certificates for a site", "token.list", "token.random", "nhi.read",
                   "authenticate", "sign", "token.login", "token.sign", "token.decrypt", "start of the service"},
                  9 + apdus_for_renewal);
}

// The operations that go to the card in another way than with generation 1.
BOOST_AUTO_TEST_CASE(with_a_card_of_generation_2) {
  fail_everywhere(2, personalised("gpki", "--name 王小明 --id A123456789", "second"),
                  {"token.random", "authenticate", "sign", "token.sign", "token.decrypt", "start of the service"},
                  11 + apdus_for_renewal);
}

BOOST_AUTO_TEST_SUITE_END()
