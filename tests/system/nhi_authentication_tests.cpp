// An NHI card behind the real pcscd that is proved to the simulated insurer's site, which is well, refuses or lies.
#include "tests/system/stack.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

const boost::json::object of_page{{"origin", "https://page.test"},
                                  {"challenge", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}};

void site_will(const std::string& words) {
  std::ofstream(stack_variable("TWCARD_TEST_SITE_BEHAVIOUR")) << words;
}

// Every test starts with the NHI card in reader 0, nothing in reader 1, a person who approves and a site that is well.
struct HealthCard {
  HealthCard() {
    person("approve");
    site_will("");
    remove_card(0);
    remove_card(1);
    insert_card(0, stack_file("nhi.json"));
    reset_apdus();
  }
  ~HealthCard() { site_will(""); }
};

boost::json::object authenticate(rpc::Client& client) {
  return client.call("nhi.authenticate", of_page).result;
}

// "code step" of the error that the call ends with, while the site behaves so.
std::string failure(rpc::Client& client, const std::string& words) {
  site_will(words);
  try {
    authenticate(client);
  } catch (const Error& error) {
    return fmt::format("{} {}", name_of(error.code()), error.step());
  }
  return "none";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(nhi_authentication, HealthCard)

BOOST_AUTO_TEST_CASE(the_card_is_proved_in_four_apdus_and_openssl_verifies_what_the_site_signed) {
  auto client = service();
  const auto result = authenticate(client);
  BOOST_TEST(apdus(0) == 4U);
  const auto text = [&](const char* member) { return std::string(result.at(member).as_string()); };
  std::ofstream(stack_file("proof.txt")) << text("card_number") << text("signed");
  const auto signature = from_hex(text("signature")).value();
  std::ofstream(stack_file("proof.sig"), std::ios::binary) << as_text(signature);
  const auto said =
      run(fmt::format("openssl dgst -sha256 -verify '{}' -signature '{}' '{}'", stack_variable("TWCARD_TEST_SITE_KEY"),
                      stack_file("proof.sig"), stack_file("proof.txt")));
  BOOST_TEST(said == "Verified OK\n");
}

BOOST_AUTO_TEST_CASE(a_site_that_refuses_or_breaks_off_is_said_with_its_step_and_the_next_call_works) {
  auto client = service();
  BOOST_TEST(failure(client, "health:cut") == "site_failed health_check");
  BOOST_TEST(apdus(0) == 0U, "the card was asked before the site was known to be well");
  BOOST_TEST(failure(client, "hello:cut@2") == "site_failed hello");
  BOOST_TEST(failure(client, "module-data:garbage") == "site_failed challenge");
  BOOST_TEST(failure(client, "signature:refuse") == "site_failed signature");
  BOOST_TEST(failure(client, "") == "none");
}

BOOST_AUTO_TEST_CASE(a_site_that_lies_gets_no_proof_of_the_card) {
  auto client = service();
  BOOST_TEST(failure(client, "module-data:forged") == "card_refused card_answer");
  BOOST_TEST(failure(client, "signature:forged") == "site_failed signature");
  BOOST_TEST(failure(client, "") == "none");
}

BOOST_AUTO_TEST_CASE(the_card_gives_its_data_as_before_after_a_broken_proof) {
  auto client = service();
  BOOST_TEST(failure(client, "signature:cut") == "site_failed signature");
  const auto fields = client.call("nhi.read", {{"fields", {"name"}}}).result.at("fields").as_object();
  BOOST_TEST(fields.at("name").as_string() == stack_variable("TWCARD_TEST_NAME"));
}

BOOST_AUTO_TEST_CASE(a_refused_consent_leaves_card_and_site_alone) {
  person("refuse");
  auto client = service();
  BOOST_TEST(failure(client, "hello:refuse") == "user_denied ");
  BOOST_TEST(apdus(0) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
