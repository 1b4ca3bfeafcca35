// Which consents to read are remembered, for how long, and in which file (control C6).
#include "daemon/card/permission/grants.hpp"
#include "rpc/message.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace twcard::service::testing {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr const char* site = "https://page.test:8443";
constexpr const char* another_site = "https://other.test";
const std::string card_in_hex(64, '1');

Bytes card(std::uint8_t number) {
  return Bytes(32, number);
}

ConsentQuestion reading(std::vector<std::string> fields, const char* origin = site) {
  ConsentQuestion question;
  question.caller.origin = origin;
  question.operation = Operation::NhiRead;
  question.fields = std::move(fields);
  return question;
}

ConsentQuestion asking_for(Operation operation, const char* origin = site) {
  ConsentQuestion question;
  question.caller.origin = origin;
  question.operation = operation;
  return question;
}

struct Kept {
  rpc::testing::PrivateFolder folder;
  sys_days today = std::chrono::year(2026) / 11 / 22;

  [[nodiscard]] Grants grants() const {
    return Grants(folder.path(), [this] { return today; });
  }
  [[nodiscard]] std::filesystem::path file() const { return folder.path() / "grants.json"; }
  [[nodiscard]] std::string content() const {
    std::ostringstream text;
    text << std::ifstream(file()).rdbuf();
    return text.str();
  }
  void put(const std::string& text) const { std::ofstream(file(), std::ios::trunc) << text; }
  // One entry, with `changed` in the place of the member of that name.
  [[nodiscard]] static std::string entry(const std::string& name = {}, const std::string& changed = {}) {
    const std::pair<std::string, std::string> members[] = {{"origin", R"("https://page.test:8443")"},
                                                           {"operation", R"("nhi.read")"},
                                                           {"card", '"' + card_in_hex + '"'},
                                                           {"fields", R"(["name"])"},
                                                           {"given", R"("2026-11-01")"},
                                                           {"used", R"("2026-11-20")"}};
    std::string text;
    for (const auto& [member, value] : members) {
      const auto& shown = member == name ? changed : value;
      if (!shown.empty()) text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", member, shown);
    }
    return "{" + text + "}";
  }
  [[nodiscard]] static std::string file_of(const std::string& entries) { return R"({"grants":[)" + entries + "]}"; }
  void is_damaged(const std::string& text) {
    put(text);
    auto begun_anew = grants();
    BOOST_TEST(begun_anew.all().empty(), text);
    BOOST_TEST(std::filesystem::exists(folder.path() / "grants.json.damaged"), text);
    begun_anew.give(reading({"name"}), card(1));
    BOOST_TEST(grants().all().size() == 1U);
    std::filesystem::remove(folder.path() / "grants.json.damaged");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(grants_store, Kept)

BOOST_AUTO_TEST_CASE(a_grant_is_for_its_site_operation_and_card) {
  auto given = grants();
  given.give(asking_for(Operation::Certificates), card(1));
  BOOST_TEST(given.cover(asking_for(Operation::Certificates), card(1)));
  BOOST_TEST(!given.cover(asking_for(Operation::Certificates, another_site), card(1)));
  BOOST_TEST(!given.cover(asking_for(Operation::LegacyTokens), card(1)));
  BOOST_TEST(!given.cover(asking_for(Operation::Certificates), card(2)));
  BOOST_TEST(!given.cover(asking_for(Operation::Certificates), {}));
  BOOST_TEST(given.cover_for_some_card(asking_for(Operation::Certificates)));
  BOOST_TEST(!given.cover_for_some_card(asking_for(Operation::Certificates, another_site)));
}

BOOST_AUTO_TEST_CASE(a_grant_covers_its_fields_and_fewer_and_no_others) {
  auto given = grants();
  given.give(reading({"name", "sex"}), card(1));
  BOOST_TEST(given.cover(reading({"sex", "name"}), card(1)));
  BOOST_TEST(given.cover(reading({"name"}), card(1)));
  BOOST_TEST(!given.cover(reading({"name", "id_number"}), card(1)));
  BOOST_TEST(!given.cover(reading({"id_number"}), card(1)));
  BOOST_TEST(!given.cover_for_some_card(reading({"id_number"})));
}

BOOST_AUTO_TEST_CASE(fields_that_are_granted_later_are_added_for_that_card) {
  auto given = grants();
  given.give(reading({"sex"}), card(1));
  given.give(reading({"name"}), card(1));
  given.give(reading({"birth_date"}), card(2));
  BOOST_TEST(given.cover(reading({"name", "sex"}), card(1)));
  BOOST_TEST(!given.cover(reading({"birth_date"}), card(1)));
  const auto all = given.all();
  BOOST_REQUIRE_EQUAL(all.size(), 2U);
  const std::vector<std::string> in_order_of_the_record{"name", "sex"};
  BOOST_TEST(all[0].fields == in_order_of_the_record, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_reading_is_remembered_and_only_of_a_site) {
  auto given = grants();
  for (const auto operation : {Operation::NhiAuthenticate, Operation::Authenticate, Operation::Sign, Operation::Login,
                               Operation::LegacyNhiSign, Operation::LegacySign, Operation::LegacyDecrypt}) {
    given.give(asking_for(operation), card(1));
    BOOST_TEST(!given.cover(asking_for(operation), card(1)));
    BOOST_TEST(!Grants::may_hold(asking_for(operation)));
  }
  for (const auto operation : {Operation::Certificates, Operation::LegacyNhiRead, Operation::LegacyTokens})
    BOOST_TEST(Grants::may_hold(asking_for(operation)));
  auto program = reading({"name"});
  program.caller.origin.reset();
  given.give(program, card(1));
  given.give(reading({"name"}), {});
  given.give(reading({"name"}, "https://page.test:443"), card(1)); // no origin that a browser sends
  BOOST_TEST(given.all().empty());
}

BOOST_AUTO_TEST_CASE(the_next_run_knows_what_this_one_knew) {
  {
    auto given = grants();
    given.give(reading({"name"}), card(1));
    given.give(asking_for(Operation::LegacyNhiRead, another_site), card(2));
    given.give(asking_for(Operation::LegacyTokens), card(3));
    given.give(asking_for(Operation::Certificates, "http://localhost:8000"), card(3));
  }
  const auto read_again = grants();
  BOOST_TEST(read_again.all().size() == 4U);
  BOOST_TEST(read_again.cover(reading({"name"}), card(1)));
  BOOST_TEST(read_again.cover(asking_for(Operation::LegacyNhiRead, another_site), card(2)));
  BOOST_TEST(read_again.cover(asking_for(Operation::LegacyTokens), card(3)));
}

BOOST_AUTO_TEST_CASE(the_file_is_the_users_alone) {
  grants().give(reading({"name"}), card(1));
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(file().c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
  BOOST_REQUIRE_EQUAL(::stat(folder.path().c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 0777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(without_a_folder_it_lasts_as_long_as_the_process) {
  Grants given{std::filesystem::path()};
  given.give(reading({"name"}), card(1));
  BOOST_TEST(given.cover(reading({"name"}), card(1)));
}

BOOST_AUTO_TEST_CASE(a_revoked_grant_is_gone_even_if_the_rest_cannot_be_saved) {
  auto given = grants();
  given.give(reading({"name"}), card(1));
  given.give(reading({"name"}, another_site), card(1));
  std::filesystem::create_directory(folder.path() / ".grants.json.new");
  BOOST_TEST(given.revoke(site) == 1U);
  BOOST_TEST(given.cover(reading({"name"}, another_site), card(1)));
  BOOST_TEST(grants().all().empty());
}

BOOST_AUTO_TEST_CASE(a_revocation_that_cannot_be_saved_is_reported) {
  auto given = grants();
  given.give(reading({"name"}), card(1));
  std::filesystem::remove(file());
  std::filesystem::create_directories(file() / "no file");
  BOOST_CHECK_EXCEPTION(given.revoke(site), Error, has_code(Errc::Internal));
  BOOST_TEST(!given.cover(reading({"name"}), card(1)));
}

BOOST_AUTO_TEST_CASE(what_is_not_used_for_180_days_ends) {
  grants().give(reading({"name"}), card(1));
  today += days(180);
  BOOST_TEST(grants().cover(reading({"name"}), card(1)));
  today += days(1);
  BOOST_TEST(!grants().cover(reading({"name"}), card(1)));
  BOOST_TEST(!grants().cover_for_some_card(reading({"name"})));
  BOOST_TEST(grants().all().empty());
  // Fields of one that has ended do not come back with the next one.
  auto given = grants();
  given.give(reading({"sex"}), card(1));
  BOOST_TEST(!given.cover(reading({"name"}), card(1)));
}

BOOST_AUTO_TEST_CASE(a_use_makes_it_last_from_that_day_on) {
  auto given = grants();
  given.give(reading({"name", "sex"}), card(1));
  today += days(180);
  given.used(reading({"name"}), card(1));
  BOOST_TEST(content().find(R"("given":"2026-11-22","used":"2027-05-21")") != std::string::npos);
  today += days(180);
  BOOST_TEST(grants().cover(reading({"sex"}), card(1)));
}

BOOST_AUTO_TEST_CASE(a_day_in_the_future_does_not_make_it_last_longer) {
  put(file_of(entry("used", R"("2099-01-01")")));
  const auto hash = from_hex(card_in_hex).value();
  auto given = grants();
  BOOST_TEST(given.cover(reading({"name"}), hash));
  today += days(181);
  BOOST_TEST(!given.cover(reading({"name"}), hash));
}

BOOST_AUTO_TEST_CASE(the_least_used_of_too_many_is_forgotten) {
  const auto nth = [](std::size_t n) {
    Bytes hash(32);
    hash[0] = static_cast<std::uint8_t>(n & 0xFF);
    hash[1] = static_cast<std::uint8_t>(n >> 8);
    return hash;
  };
  auto given = grants();
  for (std::size_t n = 0; n < Grants::max_grants; ++n) given.give(reading({"name"}), nth(n));
  today += days(1);
  given.used(reading({"name"}), nth(0));
  given.give(reading({"name"}), nth(Grants::max_grants));
  const auto read_again = grants();
  BOOST_TEST(read_again.all().size() == Grants::max_grants);
  BOOST_TEST(read_again.cover(reading({"name"}), nth(0)));
  BOOST_TEST(!read_again.cover(reading({"name"}), nth(1)));
  BOOST_TEST(read_again.cover(reading({"name"}), nth(Grants::max_grants)));
}

BOOST_AUTO_TEST_CASE(revoking_takes_back_all_of_a_site_or_all) {
  auto given = grants();
  given.give(reading({"name"}), card(1));
  given.give(asking_for(Operation::Certificates), card(2));
  given.give(reading({"name"}, another_site), card(1));
  BOOST_TEST(given.revoke("https://nobody.test") == 0U);
  BOOST_TEST(given.revoke(site) == 2U);
  BOOST_TEST(!given.cover(reading({"name"}), card(1)));
  BOOST_TEST(grants().all().size() == 1U);
  BOOST_TEST(given.revoke(std::nullopt) == 1U);
  BOOST_TEST(grants().all().empty());
}

BOOST_AUTO_TEST_CASE(revocations_are_counted_also_when_there_is_nothing_to_revoke) {
  auto given = grants();
  const auto before = given.revocations();
  given.give(reading({"name"}), card(1));
  BOOST_TEST(given.revocations() == before);
  given.revoke(another_site);
  BOOST_TEST(given.revocations() == before + 1);
  given.revoke(std::nullopt);
  BOOST_TEST(given.revocations() == before + 2);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_set_aside_and_grants_nothing) {
  put(file_of(entry()));
  BOOST_REQUIRE_EQUAL(grants().all().size(), 1U); // that the entry is a good one
  for (const char* text : {"", "{", "[]", "{}", "{\"grants\":7}", "{\"grants\":[7]}", "\xFF\xFE"}) is_damaged(text);
  is_damaged(std::string(1000, '['));
  is_damaged(R"({"grants":[],"surprise":1})");
  for (const char* member : {"origin", "operation", "card", "fields", "given", "used"}) {
    is_damaged(file_of(entry(member, ""))); // without it
    is_damaged(file_of(entry(member, "7")));
    is_damaged(file_of(entry(member, "null")));
  }
  is_damaged(file_of(entry("used", R"("2026-11-20","surprise":1)")));
  for (const char* origin : {R"("page.test")", R"("null")", R"("https://page.test/")", R"("https://PAGE.test")",
                             R"("http://page.test")", R"("https://page.test:443")"})
    is_damaged(file_of(entry("origin", origin)));
  for (const char* operation : {R"("sign")", R"("authenticate")", R"("nhi.authenticate")", R"("legacy.sign")",
                                R"("certificates")", R"("nhi.write")"})
    is_damaged(file_of(entry("operation", operation)));
  is_damaged(file_of(entry("card", R"("0101")")));
  is_damaged(file_of(entry("card", '"' + std::string(64, 'z') + '"')));
  for (const char* fields : {"[]", R"(["name","name"])", R"(["name","photograph"])", "[1]"})
    is_damaged(file_of(entry("fields", fields)));
  for (const char* day : {R"("2026-13-01")", R"("2026-02-30")", R"("2026-1-01")", R"("26-11-20")", R"("2026/11/20")",
                          R"("2026-11-20T00:00")", R"("-026-11-20")", R"("2026-10-31")"}) // before it was given
    is_damaged(file_of(entry("used", day)));
  std::string too_many = entry();
  for (std::size_t n = 0; n < Grants::max_grants; ++n) too_many += "," + entry();
  is_damaged(file_of(too_many));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_grants_nothing) {
  std::filesystem::create_symlink("/etc/hostname", file());
  BOOST_TEST(grants().all().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
