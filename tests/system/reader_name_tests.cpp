// Readers whose names are not UTF-8 (scripts/with-stack --reader-name), through the real pcscd: they and their cards
// are seen and used like others, and hide none.
#define BOOST_TEST_MODULE reader_names
#include "bench/module_user.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::tests;

BOOST_AUTO_TEST_SUITE(reader_names)

BOOST_AUTO_TEST_CASE(both_readers_are_listed_and_the_card_signs) {
  auto client = service();
  const auto status = client.call("status").result;
  const auto& readers = status.at("readers").as_array();
  BOOST_TEST_REQUIRE(readers.size() == 2U);
  for (const auto& reader : readers) {
    const std::string name(reader.at("name").as_string());
    BOOST_TEST(name.find("\xEF\xBF\xBD") != std::string::npos, name);
  }
  BOOST_TEST(readers[0].at("card").at("state").as_string() == "ready");
  const auto listed = client.call("certificates", {{"reader", readers[0].at("name")}}).result;
  BOOST_TEST(listed.at("reader") == readers[0].at("name"));
  BOOST_TEST(openssl_verifies(client, sign(client).blob.view()));
}

BOOST_AUTO_TEST_CASE(the_command_line_names_the_reader) {
  BOOST_TEST(run("twcard --no-start status").find("\xEF\xBF\xBD") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
