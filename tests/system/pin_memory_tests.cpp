// Where the PIN stands in the memory of twcardd: in locked pages while it is held, and nowhere afterwards (controls C16
// and C29).
#include "tests/support/process_memory.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

// Digits that stand nowhere else in this program's surroundings.
constexpr std::string_view card_pin = "86319742";
constexpr std::string_view wrong_pin = "97520864";

void person_types(std::string_view pin) {
  std::ofstream(stack_file("person.json"))
      << boost::json::serialize(boost::json::object{{"mode", "approve"}, {"pin", pin}, {"delay_ms", 0}});
}

struct CardWithItsOwnPin {
  CardWithItsOwnPin() {
    run(fmt::format("twcard-sim personalise --kind hicos --name 陳大文 --id B123456780 --pin {} --out '{}' >/dev/null",
                    card_pin, stack_file("own-pin.json")));
    remove_card(0);
    remove_card(1);
    insert_card(0, stack_file("own-pin.json"));
    person_types(card_pin);
  }
  ~CardWithItsOwnPin() { person("approve"); }
};

Found in_twcardd(std::string_view needle) {
  pid_t pid = 0;
  std::ifstream(stack_file("twcardd.pid")) >> pid;
  const auto found = find_in_memory(pid, needle);
  BOOST_REQUIRE_MESSAGE(found.has_value(), "this user may not read the memory of twcardd: run the tests with rights");
  return *found;
}

bool is_nowhere(std::string_view needle) {
  const auto found = in_twcardd(needle);
  return !found.in_locked_pages && !found.elsewhere;
}

// The parameters of the token.* calls that need a login.
boost::json::object signature_key(rpc::Client& client) {
  const auto listing = client.call("token.list").result;
  const auto& reader = listing.at("readers").as_array().at(0).as_object();
  return {{"reader", reader.at("reader")}, {"insertion", reader.at("insertion")}};
}

SecureBytes block_to_sign() {
  Bytes block(256, 0xFF);
  block[0] = 0;
  block[1] = 1;
  return SecureBytes::copy_of(block);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pin_memory, CardWithItsOwnPin)

BOOST_AUTO_TEST_CASE(the_search_finds_what_is_there) {
  BOOST_TEST(in_twcardd("\\\\?PnP?\\Notification").elsewhere);
}

BOOST_AUTO_TEST_CASE(after_signatures_for_a_page_the_pin_is_nowhere) {
  auto client = service();
  for (int round = 0; round < 3; ++round) BOOST_TEST(error_of([&] { sign(client); }) == "");
  BOOST_TEST(is_nowhere(card_pin));
}

BOOST_AUTO_TEST_CASE(a_refused_pin_is_nowhere) {
  auto client = service();
  person_types(wrong_pin);
  BOOST_TEST(error_of([&] { sign(client); }) == "pin_incorrect");
  BOOST_TEST(is_nowhere(wrong_pin));
}

BOOST_AUTO_TEST_CASE(a_held_pin_is_in_locked_pages_until_the_logout) {
  auto client = service();
  auto key = signature_key(client);
  client.call("token.login", key, SecureBytes::copy_of(as_bytes(card_pin)));
  auto with_key = key;
  with_key["key"] = "SIGN";
  for (int round = 0; round < 3; ++round) {
    BOOST_TEST(client.call("token.sign", with_key, block_to_sign()).blob.size() == 256U);
    const auto held = in_twcardd(card_pin);
    BOOST_TEST(held.in_locked_pages);
    BOOST_TEST(!held.elsewhere);
  }
  client.call("token.logout", key);
  BOOST_TEST(is_nowhere(card_pin));
}

BOOST_AUTO_TEST_CASE(a_client_that_ends_takes_the_held_pin_with_it) {
  {
    auto client = service();
    client.call("token.login", signature_key(client), SecureBytes::copy_of(as_bytes(card_pin)));
    BOOST_TEST(in_twcardd(card_pin).in_locked_pages);
  }
  BOOST_TEST(eventually([] { return is_nowhere(card_pin); }));
}

BOOST_AUTO_TEST_SUITE_END()
