// Fault plans through the real pcscd: what the service makes of each kind of fault of a card, and that the next
// operation is right.
#include "tests/faults/operations.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

void play(const std::string& faults) {
  std::ofstream(stack_file("plan.json")) << R"({"faults": )" << faults << "}";
  run(fmt::format("twcard-sim fault 0 '{}'", stack_file("plan.json")));
}

struct Faults {
  Faults() : service_without_faults(std::chrono::seconds(10)) {
    person("approve");
    service_without_faults.start();
    BOOST_REQUIRE(eventually([] { return random().empty() && nhi().empty(); }));
  }
  ~Faults() {
    run("twcard-sim fault 0 --clear");
    remove_card(0);
    insert_card(0, stack_file("hicos.json"));
  }

  static std::string random() {
    return error_of([] {
      auto client = service();
      client.call("token.random");
    });
  }
  static std::string nhi() {
    return error_of([] {
      auto client = service();
      client.call("nhi.read", {{"fields", {"name"}}});
    });
  }
  static std::string signature() {
    return error_of([] {
      auto client = service();
      sign(client);
    });
  }

  FaultyService service_without_faults;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(card_faults, Faults)

BOOST_AUTO_TEST_CASE(wrong_answers_are_errors_and_the_next_one_is_right) {
  const auto once = [](const std::string& fault) {
    play("[" + fault + "]");
    const auto error = random();
    BOOST_TEST(random() == "", fault << ": the next one");
    return error;
  };
  BOOST_TEST(once(R"({"fault": "status", "status": "6F00"})") == "card_refused");
  BOOST_TEST(once(R"({"fault": "truncate", "octets": 1})") == "card_error");
  BOOST_TEST(once(R"({"fault": "length", "octets": 1})") == "card_error");
  BOOST_TEST(once(R"({"fault": "length", "octets": -1})") == "card_error");
  BOOST_TEST(once(R"({"fault": "delay", "ms": 300})") == "");
}

BOOST_AUTO_TEST_CASE(an_ambiguous_answer_to_a_pin_is_not_followed_by_another_one) {
  play(R"([{"fault": "truncate", "octets": 1, "instruction": "20"}])");
  reset_apdus();
  BOOST_TEST(signature() == "card_error");
  BOOST_TEST(run("twcard-sim counters 0 --json").find(R"("verifies":1,)") != std::string::npos);
  BOOST_TEST(signature() == "");
}

BOOST_AUTO_TEST_CASE(a_card_that_goes_in_the_middle_is_removed) {
  play(R"([{"fault": "remove", "at": 5}])");
  BOOST_TEST(signature() == "card_removed");
  BOOST_TEST(eventually([] { return random() == "no_card"; }));
}

BOOST_AUTO_TEST_CASE(another_card_in_the_middle_is_not_taken_for_the_first) {
  run(fmt::format(
      "twcard-sim personalise --kind hicos --name 陳大文 --id B123456780 --pin 246813 --out '{}' >/dev/null",
      stack_file("other.json")));
  auto client = service();
  const auto first = certificate(client, "SIGN");
  play(R"([{"fault": "swap", "at": 5, "card": "other.json"}])");
  BOOST_TEST(signature() == "card_removed");
  BOOST_TEST(eventually([] { return random() == ""; }));
  BOOST_TEST((certificate(client, "SIGN") != first));
  BOOST_TEST(signature() == "");
}

BOOST_AUTO_TEST_CASE(a_card_whose_answer_to_reset_changes_is_still_the_same_card) {
  play(R"([{"fault": "atr", "atr": "3B8080018001"}])");
  BOOST_TEST(signature() == ""); // and ends with a reset
  BOOST_TEST(signature() == "");
  BOOST_TEST(random() == "");
}

BOOST_AUTO_TEST_CASE(a_card_that_fails_while_it_is_read_is_read_when_it_is_wanted) {
  remove_card(0);
  play(R"([{"fault": "status", "status": "6F00", "at": 4, "times": 40}])");
  insert_card(0, stack_file("hicos.json"));
  run("twcard-sim fault 0 --clear");
  BOOST_TEST(random() == "");
}

BOOST_AUTO_TEST_SUITE_END()
