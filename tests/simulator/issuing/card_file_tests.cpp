#include "driver/base/error.hpp"
#include "tests/simulator/cards.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

// The member that a changed card file is refused for.
std::string fault(boost::json::object file) {
  try {
    static_cast<void>(card_from_json(file));
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::BadRequest));
    const std::string text = error.what();
    const auto begin = text.find(": ") + 2;
    return text.substr(begin, text.find(':', begin) - begin);
  }
  return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(card_file)

BOOST_AUTO_TEST_CASE(a_card_goes_through_its_file) {
  const TemporaryFolder folder;
  write_text(folder / "card.json", boost::json::serialize(citizen_file()));
  const auto card = card_from_file(folder / "card.json");
  log_in(*card);
}

BOOST_AUTO_TEST_CASE(a_missing_or_wrong_member_is_named) {
  const auto nhi = personalise("nhi", somebody());
  for (const char* member : {"kind", "atr", "basic_record", "card_number", "card_data", "get_response"}) {
    auto file = nhi;
    file.erase(member);
    BOOST_TEST(fault(file) == member);
  }
  for (const char* member : {"kind", "atr", "files", "keys", "pin", "tries_left", "key_set", "max_read"}) {
    auto file = citizen_file();
    file.erase(member);
    BOOST_TEST(fault(file) == member);
    file[member] = 1000;
    BOOST_TEST(fault(file) == member);
  }
}

BOOST_AUTO_TEST_CASE(keys_have_to_be_keys) {
  auto file = citizen_file();
  file["keys"].as_array()[0].as_object()["private_key"] = "none";
  BOOST_TEST(fault(file) == "keys.private_key");
}

BOOST_AUTO_TEST_CASE(a_malformed_file_is_refused) {
  const TemporaryFolder folder;
  BOOST_CHECK_THROW(static_cast<void>(card_from_file(folder / "missing.json")), Error);
  write_text(folder / "list.json", "[]");
  BOOST_CHECK_THROW(static_cast<void>(card_from_file(folder / "list.json")), Error);
}

BOOST_AUTO_TEST_CASE(the_test_profile_names_its_keys_as_test_keys) {
  const auto profile = boost::json::parse(test_profile());
  BOOST_TEST(profile.at("version").as_int64() == 1);
  BOOST_TEST(profile.at("kind").as_string() == "hicos");
  const auto& keys = profile.at("transport_keys").as_array();
  BOOST_REQUIRE(keys.size() == 2U);
  BOOST_TEST(keys[0].as_string() == to_hex(as_bytes("twcard-sim key 1")));
  BOOST_TEST(keys[1].as_string() == to_hex(as_bytes("twcard-sim key 2")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
