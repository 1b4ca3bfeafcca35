// A generation 2 card behind the real pcscd, and the cards of companies and organisations.
#include "tests/system/other_program.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace twcard;
using namespace twcard::tests;

namespace {

std::string personalised(const std::string& kind, const std::string& holder, const std::string& name) {
  const auto file = stack_file(name + ".json");
  run(fmt::format("twcard-sim personalise --kind {} {} --pin '{}' --ca-generation 2 --authority '{}' --out '{}' "
                  ">/dev/null",
                  kind, holder, stack_variable("TWCARD_TEST_PIN"), stack_file("authority"), file));
  return file;
}

const std::string& citizen() {
  static const auto file = personalised("gpki", "--name 王小明 --id A123456789", "second");
  return file;
}

// Every test starts with the citizen's card in reader 0, tries restored, a person who approves.
struct SecondGeneration {
  SecondGeneration() {
    person("approve");
    remove_card(0);
    remove_card(1);
    insert_card(0, citizen());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(generation_2, SecondGeneration)

BOOST_AUTO_TEST_CASE(a_signature_verifies_with_openssl_and_costs_nine_apdus_after_the_first) {
  auto client = service();
  reset_apdus();
  BOOST_TEST(openssl_verifies(client, sign(client).blob.view()));
  if (cards_are_tidy()) BOOST_TEST(apdus(0) == 14U);
  reset_apdus();
  sign(client);
  BOOST_TEST(apdus(0) == 9U);
}

BOOST_AUTO_TEST_CASE(a_login_and_its_first_signature_share_a_session) {
  auto client = service();
  sign(client); // the card's keys are known from here on
  const auto entry = client.call("token.list").result.at("readers").as_array().at(0).as_object();
  boost::json::object params{{"reader", entry.at("reader")}, {"insertion", entry.at("insertion")}};
  reset_apdus();
  client.call("token.login", params, SecureBytes::copy_of(as_bytes(stack_variable("TWCARD_TEST_PIN"))));
  BOOST_TEST(apdus(0) == 4U);
  params["key"] = "SIGN";
  Bytes block(256, 0x11);
  block[0] = 0x00;
  reset_apdus();
  client.call("token.sign", params, SecureBytes::copy_of(block));
  const auto first = apdus(0);
  BOOST_TEST((first == 5U || first == 9U), "5 in the login's burst, 9 after it; counted " << first);
  OtherProgram other(0);
  BOOST_TEST(other.try_private_operation_of_generation_2().value() == 0x6982);
}

BOOST_AUTO_TEST_CASE(an_insertion_costs_35_apdus_the_second_one_16_and_a_listing_none) {
  const auto card = personalised("gpki", "--name 陳大文 --id B123456780", "second-new");
  for (const auto expected : {35U, 16U}) {
    remove_card(0);
    insert_card(0, card);
    if (cards_are_tidy()) BOOST_TEST(apdus(0) == expected);
  }
  auto client = service();
  reset_apdus();
  for (const auto* id : {"SIGN", "KEYX", "CACert", "ROOTCACert"}) BOOST_TEST(!certificate(client, id).empty());
  BOOST_TEST(apdus(0) == 0U);
}

BOOST_AUTO_TEST_CASE(after_a_signature_another_program_is_not_logged_in) {
  auto client = service();
  OtherProgram other(0);
  sign(client);
  BOOST_TEST(other.try_private_operation_of_generation_2().value() == 0x6982);
  // And its selection does not disturb the next one.
  BOOST_TEST(error_of([&] { sign(client); }) == "");
}

BOOST_AUTO_TEST_CASE(after_a_wrong_pin_no_other_program_is_logged_in_and_the_attempts_are_reported) {
  auto client = service();
  OtherProgram other(0);
  person("wrong-pin");
  try {
    sign(client);
    BOOST_FAIL("a wrong PIN signed");
  } catch (const Error& error) {
    BOOST_TEST(name_of(error.code()) == "pin_incorrect");
    BOOST_TEST(error.tries_left().value_or(-1) == 2);
  }
  BOOST_TEST(other.try_private_operation_of_generation_2().value() == 0x6982);
  person("approve");
  BOOST_TEST(error_of([&] { sign(client); }) == "");
}

BOOST_AUTO_TEST_CASE(three_wrong_pins_lock_the_card_and_the_right_one_does_not_help) {
  remove_card(0);
  insert_card(0, personalised("gpki", "--name 陳大文 --id B123456780", "second-locked"));
  auto client = service();
  person("wrong-pin");
  BOOST_TEST(error_of([&] { sign(client); }) == "pin_incorrect");
  BOOST_TEST(error_of([&] { sign(client); }) == "pin_incorrect");
  BOOST_TEST(error_of([&] { sign(client); }) == "pin_blocked");
  person("approve");
  BOOST_TEST(error_of([&] { sign(client); }) == "pin_blocked");
}

BOOST_AUTO_TEST_CASE(a_card_pulled_out_in_the_middle_is_said_and_the_next_insertion_works) {
  auto client = service();
  for (const int after : {0, 4, 7, 8, 12}) {
    run(fmt::format("twcard-sim remove 0 --after {}", after));
    const auto result = error_of([&] { sign(client); });
    BOOST_TEST(result == "card_removed", "after " << after << " got '" << result << "'");
    remove_card(0);
    insert_card(0, citizen());
    BOOST_TEST(error_of([&] { sign(client); }) == "");
    remove_card(0);
    insert_card(0, citizen());
  }
}

BOOST_AUTO_TEST_CASE(a_card_pulled_out_while_it_is_read_is_read_again) {
  for (const int after : {0, 1, 20, 34}) {
    remove_card(0);
    run(fmt::format("rm -rf '{}'", stack_file("cache"))); // so that all of it is read
    run(fmt::format("twcard-sim insert 0 '{}' && twcard-sim remove 0 --after {}", citizen(), after));
    remove_card(0);
    run("twcard-sim fault 0 --clear"); // of a removal that came too late
    insert_card(0, citizen());
    auto client = service();
    BOOST_TEST(!certificate(client, "SIGN").empty());
  }
}

BOOST_AUTO_TEST_CASE(random_comes_from_the_card) {
  auto client = service();
  const auto first = client.call("token.random");
  BOOST_TEST(first.blob.size() == 8U);
  BOOST_TEST(to_hex(first.blob.view()) != to_hex(client.call("token.random").blob.view()));
}

BOOST_AUTO_TEST_CASE(cards_of_companies_and_organisations_sign_in_both_generations) {
  struct Holder {
    const char* kind;
    std::string options;
    std::string subject;
  };
  const Holder holders[] = {
      {"company", "--name 測試股份有限公司 --tax-number 12345675", "serialNumber=12345675,O=測試股份有限公司,C=TW"},
      {"organisation", "--name 測試機關 --oid 2.16.886.101.90000", "O=測試機關,C=TW"}};
  for (const auto& holder : holders) {
    for (const int generation : {1, 2}) {
      const auto name = fmt::format("{}-{}", holder.kind, generation);
      remove_card(0);
      insert_card(0, personalised(holder.kind, fmt::format("{} --generation {}", holder.options, generation), name));
      auto client = service();
      const auto listed = client.call("certificates").result.at("certificates").as_array();
      BOOST_TEST_REQUIRE((cards_are_tidy() ? listed.size() == 4U : listed.size() > 3U));
      BOOST_TEST(std::string(listed[3].at("subject").as_string()).ends_with(holder.subject), name);
      BOOST_TEST(openssl_verifies(client, sign(client).blob.view()), name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
