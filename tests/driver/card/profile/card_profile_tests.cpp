#include "driver/card/profile/card_profile.hpp"

#include "tests/driver/card/profile/profile_folder.hpp"
#include "tests/support/environment.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>

namespace twcard::card {

namespace {

namespace fs = std::filesystem;
using testing::ProfileFolder;

// Keys that are obviously nobody's.
constexpr const char* good = R"({
  "version": 1,
  "kind": "hicos",
  "name": "Test",
  "atrs": ["3BB813008131FA524348544D4F494341A5"],
  "transport_keys": [
    "000102030405060708090a0b0c0d0e0f",
    "101112131415161718191A1B1C1D1E1F"
  ]
}
)";

constexpr const char* gpki_master = R"({
  "version": 1,
  "kind": "gpki",
  "name": "Test",
  "atrs": ["3B01"],
  "master_key": "000102030405060708090A0B0C0D0E0F"
}
)";

constexpr const char* gpki_cards = R"({
  "version": 1,
  "kind": "gpki",
  "name": "Test",
  "cards": [
    {"card_id": "00010203040506070809",
     "encryption_key": "000102030405060708090A0B0C0D0E0F",
     "mac_key": "101112131415161718191A1B1C1D1E1F"}
  ]
}
)";

const Bytes known_atr = *from_hex("3BB813008131FA524348544D4F494341A5");

std::string replaced(std::string text, std::string_view old_text, std::string_view new_text) {
  const auto at = text.find(old_text);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, old_text.size(), new_text);
}

// The good profile with one piece of text replaced.
std::string with(std::string_view old_text, std::string_view new_text) {
  return replaced(good, old_text, new_text);
}

ProfileFault fault_of(std::string_view text) {
  const ProfileFolder folder;
  folder.write("profile.json", text);
  const auto profiles = folder.load();
  BOOST_TEST(profiles.hicos.empty());
  BOOST_TEST(profiles.gpki.empty());
  BOOST_TEST_REQUIRE(profiles.faults.size() == 1U);
  BOOST_CHECK(profiles.faults[0].file == folder.path() / "profile.json");
  return profiles.faults[0];
}

} // namespace

BOOST_AUTO_TEST_SUITE(card_profile)

BOOST_AUTO_TEST_CASE(a_good_profile_is_read) {
  const ProfileFolder folder;
  folder.write("profile.json", good);
  const auto profiles = folder.load();
  BOOST_TEST(profiles.faults.empty());
  BOOST_TEST_REQUIRE(profiles.hicos.size() == 1U);
  const auto& profile = profiles.hicos[0];
  BOOST_TEST(profile.name == "Test");
  BOOST_CHECK(profile.file == folder.path() / "profile.json");
  BOOST_CHECK(profile.atrs == std::vector<Bytes>{known_atr});
  BOOST_TEST_REQUIRE(profile.transport_keys.size() == 2U);
  BOOST_TEST(to_hex(profile.transport_keys[0]) == "000102030405060708090A0B0C0D0E0F");
  BOOST_TEST(to_hex(profile.transport_keys[1]) == "101112131415161718191A1B1C1D1E1F");
}

BOOST_AUTO_TEST_CASE(a_profile_fits_its_answers_to_reset_and_one_without_them_fits_every_card) {
  const ProfileFolder folder;
  folder.write("1.json", good);
  folder.write("2.json", with("  \"atrs\": [\"3BB813008131FA524348544D4F494341A5\"],\n", ""));
  const auto profiles = folder.load();
  BOOST_TEST_REQUIRE(profiles.hicos.size() == 2U);
  BOOST_CHECK(profiles.hicos_for(known_atr) == &profiles.hicos[0]);
  BOOST_CHECK(profiles.hicos_for(*from_hex("3B00")) == &profiles.hicos[1]);
  BOOST_CHECK(CardProfiles{}.hicos_for(known_atr) == nullptr);
}

BOOST_AUTO_TEST_CASE(faults_name_field_and_line) {
  struct Case {
    std::string text;
    std::size_t line;
    std::string field;
  };
  const Case cases[] = {
      {with("\"version\": 1", "\"version\": 2"), 2, "version"},
      {with("\"version\": 1", "\"version\": \"1\""), 2, "version"},
      {with("  \"version\": 1,\n", ""), 1, "version"},
      {with("\"hicos\"", "\"hipki\""), 3, "kind"},
      {with("\"hicos\"", "2"), 3, "kind"},
      {with("\"hicos\"", "\"gpki\""), 6, "transport_keys"},
      {with("\"Test\"", "\"\""), 4, "name"},
      {with("\"Test\"", "7"), 4, "name"},
      {with("\"name\"", "\"nmae\""), 4, "nmae"},
      {with("\"3BB813008131FA524348544D4F494341A5\"", "\"3B\""), 5, "atrs[0]"},
      {with("[\"3BB813008131FA524348544D4F494341A5\"]", "\"3B00\""), 5, "atrs"},
      {with("0e0f", "0e"), 7, "transport_keys[0]"},
      {with("1E1F", "1E1F20"), 8, "transport_keys[1]"},
      {with("1E1F", "1E1G"), 8, "transport_keys[1]"},
      {with("\"101112131415161718191A1B1C1D1E1F\"", "null"), 8, "transport_keys[1]"},
      {with("1E1F\"", "1E1F\",\n \"202122232425262728292A2B2C2D2E2F\""), 6, "transport_keys"},
      {with("\"transport_keys\"", "\"name\""), 6, "name"},
      {with("\"Test\",", "\"Test\""), 5, ""},
      {"[]", 1, ""},
  };
  for (const auto& [text, line, field] : cases) {
    BOOST_TEST_CONTEXT(text) {
      const auto fault = fault_of(text);
      BOOST_TEST(fault.line == line);
      BOOST_TEST(fault.field == field);
      BOOST_TEST(!fault.text.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_fault_does_not_repeat_the_key) {
  const auto fault = fault_of(with("1E1F", "1E"));
  BOOST_TEST(fault.text == "expected 16 octets, got 15");
}

BOOST_AUTO_TEST_CASE(a_generation_2_profile_has_a_master_key_or_the_keys_of_single_cards) {
  const ProfileFolder folder;
  folder.write("1.json", gpki_master);
  folder.write("2.json", gpki_cards);
  const auto profiles = folder.load();
  BOOST_TEST(profiles.faults.empty());
  BOOST_TEST_REQUIRE(profiles.gpki.size() == 2U);
  BOOST_TEST(to_hex(profiles.gpki[0].master_key.value()) == "000102030405060708090A0B0C0D0E0F");
  BOOST_TEST(profiles.gpki[0].cards.empty());
  BOOST_CHECK(profiles.gpki[0].file == folder.path() / "1.json");
  BOOST_TEST(!profiles.gpki[1].master_key.has_value());
  BOOST_TEST_REQUIRE(profiles.gpki[1].cards.size() == 1U);
  BOOST_TEST(to_hex(profiles.gpki[1].cards[0].card_id) == "00010203040506070809");
  BOOST_TEST(to_hex(profiles.gpki[1].cards[0].encryption) == "000102030405060708090A0B0C0D0E0F");
  BOOST_TEST(to_hex(profiles.gpki[1].cards[0].mac) == "101112131415161718191A1B1C1D1E1F");
  BOOST_TEST(profiles.hicos.empty());
  BOOST_CHECK(profiles.gpki_for(*from_hex("3B01")) == &profiles.gpki[0]);
  BOOST_CHECK(profiles.gpki_for(*from_hex("3B00")) == &profiles.gpki[1]);
}

BOOST_AUTO_TEST_CASE(faults_of_a_generation_2_profile_name_field_and_line) {
  struct Case {
    std::string text;
    std::size_t line;
    std::string field;
  };
  const auto master = [](std::string_view old_text, std::string_view new_text) {
    return replaced(gpki_master, old_text, new_text);
  };
  const auto cards = [](std::string_view old_text, std::string_view new_text) {
    return replaced(gpki_cards, old_text, new_text);
  };
  constexpr const char* key_member = "\"master_key\": \"000102030405060708090A0B0C0D0E0F\"";
  const Case cases[] = {
      {master("0E0F", "0E"), 6, "master_key"},
      {master("0E0F", "0E0G"), 6, "master_key"},
      {master("\"000102030405060708090A0B0C0D0E0F\"", "7"), 6, "master_key"},
      {master("\"master_key\"", "\"transport_keys\""), 6, "transport_keys"},
      {master(",\n  \"master_key\": \"000102030405060708090A0B0C0D0E0F\"", ""), 1, ""},
      {master("0E0F\"", "0E0F\",\n  \"cards\": []"), 7, "cards"},
      {master(key_member, "\"cards\": 7"), 6, "cards"},
      {master(key_member, "\"cards\": []"), 6, "cards"},
      {master(key_member, "\"cards\": [7]"), 6, "cards[0]"},
      {cards("\"00010203040506070809\"", "\"0001020304050607\""), 6, "cards[0].card_id"},
      {cards("\"card_id\"", "\"id\""), 6, "cards[0].id"},
      {cards("\"card_id\": \"00010203040506070809\",", ""), 6, "cards[0]"},
      {cards("1E1F", "1E"), 8, "cards[0].mac_key"},
  };
  for (const auto& [text, line, field] : cases) {
    BOOST_TEST_CONTEXT(text) {
      const auto fault = fault_of(text);
      BOOST_TEST(fault.line == line);
      BOOST_TEST(fault.field == field);
      BOOST_TEST(!fault.text.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_faulty_file_does_not_hide_another) {
  const ProfileFolder folder;
  folder.write("1.json", "{");
  folder.write("2.json", good);
  folder.write("3.json", std::string(70000, ' '));
  folder.write("4.json.disabled", "{");
  fs::create_directory(folder.path() / "5.json");
  const auto profiles = folder.load();
  BOOST_TEST(profiles.hicos.size() == 1U);
  BOOST_TEST_REQUIRE(profiles.faults.size() == 3U);
  BOOST_TEST(profiles.faults[0].file.filename() == "1.json");
  BOOST_TEST(profiles.faults[1].file.filename() == "3.json");
  BOOST_TEST(profiles.faults[2].file.filename() == "5.json");
}

BOOST_AUTO_TEST_CASE(folders_come_in_their_order_and_a_missing_one_is_empty) {
  const ProfileFolder first;
  const ProfileFolder second;
  first.write("z.json", with("\"Test\"", "\"first\""));
  second.write("a.json", with("\"Test\"", "\"second\""));
  const auto profiles = CardProfiles::load({"/nonexistent", first.path(), second.path()});
  BOOST_TEST(profiles.faults.empty());
  BOOST_TEST_REQUIRE(profiles.hicos.size() == 2U);
  BOOST_TEST(profiles.hicos[0].name == "first");
}

BOOST_AUTO_TEST_CASE(the_usual_folders_follow_the_environment) {
  const twcard::testing::Environment home("HOME", "/home/someone");
  {
    const twcard::testing::Environment config("XDG_CONFIG_HOME", "/config");
    const std::vector<fs::path> expected{"/etc/twcard/profiles.d", "/config/twcard/profiles.d"};
    BOOST_CHECK(CardProfiles::default_folders() == expected);
  }
  const std::vector<fs::path> by_home{"/etc/twcard/profiles.d", "/home/someone/.config/twcard/profiles.d"};
  for (const char* value : {static_cast<const char*>(nullptr), "", "relative"}) {
    const twcard::testing::Environment config("XDG_CONFIG_HOME", value);
    BOOST_CHECK(CardProfiles::default_folders() == by_home);
  }
}

BOOST_AUTO_TEST_CASE(a_vendors_library_is_for_the_cards_that_its_file_names) {
  const std::string vendor =
      R"({"version": 1, "kind": "vendor", "name": "Test", "atrs": ["3B01", "3B02"], "library": "/usr/lib/x.so"})";
  const ProfileFolder folder;
  folder.write("good.json", vendor);
  const auto profiles = folder.load();
  BOOST_REQUIRE(profiles.faults.empty());
  BOOST_REQUIRE(profiles.vendor.size() == 1U);
  BOOST_TEST(profiles.vendor[0].library == "/usr/lib/x.so");
  BOOST_CHECK(profiles.vendor[0].atrs == (std::vector<Bytes>{{0x3B, 0x01}, {0x3B, 0x02}}));
  BOOST_TEST(profiles.hicos_for(*from_hex("3B02")) == nullptr);

  const auto fault_of = [&vendor](std::string_view old_text, std::string_view new_text) {
    const ProfileFolder faulty;
    faulty.write("faulty.json", replaced(vendor, old_text, new_text));
    const auto loaded = faulty.load();
    BOOST_TEST(loaded.vendor.empty());
    BOOST_REQUIRE(loaded.faults.size() == 1U);
    return loaded.faults[0].field;
  };
  BOOST_TEST(fault_of(R"("3B01", "3B02")", "") == "atrs");
  BOOST_TEST(fault_of(R"(/usr/lib/x.so)", "x.so") == "library");
  BOOST_TEST(fault_of(R"(, "library": "/usr/lib/x.so")", "") == "library");
  BOOST_TEST(fault_of(R"("name")", R"("master_key": "00", "name")") == "master_key");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
