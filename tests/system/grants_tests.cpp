// A permanent consent, through the real prompt, the command line and the next twcardd.
#include "tests/system/stack.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

using namespace twcard;
using namespace twcard::tests;

namespace {

constexpr const char* origin = "https://weekly.test";
constexpr const char* other_id = "B123456780";

std::string grants_file() {
  std::ostringstream text;
  text << std::ifstream(stack_file("state/twcard/grants.json")).rdbuf();
  return text.str();
}

boost::json::object said_by(const std::string& command) {
  return boost::json::parse(run(command)).as_object();
}

// The NHI card in the first reader, and a user who gives this site a permanent consent.
struct Granted {
  std::size_t seen = 0;
  boost::json::object fields;

  Granted() {
    for (const int slot : {0, 1}) remove_card(slot);
    insert_card(0, stack_file("nhi.json"));
    person("always");
    fields = read({"card_number", "name", "id_number"});
    BOOST_TEST(dialogs().back().at("title").as_string() == "twcard: always allow?");
    person("refuse");
    reset_apdus();
    static_cast<void>(asked());
  }
  ~Granted() {
    run("twcard grants revoke --all 2>/dev/null");
    person("approve");
  }

  // Each time as a page that was opened again.
  static boost::json::object read(boost::json::array names) {
    auto page = service();
    const boost::json::object params{{"origin", origin}, {"fields", std::move(names)}};
    return page.call("nhi.read", params, {}, std::chrono::seconds(30)).result.at("fields").as_object();
  }
  static std::string refusal(boost::json::array names) {
    return error_of([&] { read(std::move(names)); });
  }
  // Dialogs since the last call of this.
  std::size_t asked() {
    const auto all = dialogs().size();
    return all - std::exchange(seen, all);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(grants, Granted)

BOOST_AUTO_TEST_CASE(what_was_allowed_for_good_is_read_in_three_apdus_without_a_dialog) {
  BOOST_TEST(read({"id_number"}).at("id_number").as_string() == stack_variable("TWCARD_TEST_ID"));
  BOOST_TEST(apdus(0) == 3U);
  BOOST_TEST(asked() == 0U);
  BOOST_TEST(refusal({"id_number", "birth_date"}) == "user_denied");
  BOOST_TEST(asked() == 1U);
}

BOOST_AUTO_TEST_CASE(another_card_and_no_card_are_both_a_question) {
  const auto other = stack_file("another_nhi.json");
  run(fmt::format("twcard-sim personalise --kind nhi --name 陳大文 --id {} --out '{}' >/dev/null", other_id, other));
  remove_card(0);
  insert_card(0, other);
  reset_apdus();
  BOOST_TEST(refusal({"id_number"}) == "user_denied");
  BOOST_TEST(apdus(0) == 0U);
  BOOST_TEST(asked() == 1U);
  person("approve"); // twice refused, the site would be silenced
  BOOST_TEST(read({"id_number"}).at("id_number").as_string() == other_id);
  person("refuse");
  static_cast<void>(asked());
  remove_card(0);
  BOOST_TEST(refusal({"id_number"}) == "user_denied");
  BOOST_TEST(asked() == 1U);
  insert_card(0, stack_file("nhi.json"));
  BOOST_TEST(refusal({"id_number"}) == "");
  BOOST_TEST(asked() == 0U);
}

BOOST_AUTO_TEST_CASE(the_command_line_lists_it_and_takes_it_back) {
  const auto listed = said_by("twcard grants --json").at("grants").as_array();
  BOOST_REQUIRE_EQUAL(listed.size(), 1U);
  BOOST_TEST(listed[0].at("site").as_string() == origin);
  BOOST_TEST((listed[0].at("fields") == boost::json::array{"card_number", "name", "id_number"}));
  BOOST_TEST(!listed[0].at("reader").is_null());
  BOOST_TEST(run("LC_ALL=C.UTF-8 twcard grants 2>/dev/null").find("read the NHI card: card number, name, ID number") !=
             std::string::npos);
  BOOST_TEST(said_by(fmt::format("twcard grants revoke {} --json", origin)).at("revoked").as_int64() == 1);
  BOOST_TEST(refusal({"id_number"}) == "user_denied");
  BOOST_TEST(asked() == 1U);
  BOOST_TEST(said_by("twcard grants --json").at("grants").as_array().empty());
}

BOOST_AUTO_TEST_CASE(the_next_twcardd_keeps_it) {
  const auto before = pid_of("twcardd");
  BOOST_REQUIRE_EQUAL(::kill(before, SIGTERM), 0);
  const auto ended = [before] {
    std::ifstream status(fmt::format("/proc/{}/stat", before));
    std::string line;
    return !std::getline(status, line) || line.find(") Z ") != std::string::npos;
  };
  BOOST_REQUIRE(eventually(ended));
  run(fmt::format("twcardd >>'{}' 2>&1 </dev/null & echo $! > '{}'", stack_file("log/twcardd"),
                  stack_file("twcardd.pid")));
  BOOST_REQUIRE(eventually([] { return error_of([] { service().call("status"); }).empty(); }));
  BOOST_TEST(read({"id_number"}).at("id_number").as_string() == stack_variable("TWCARD_TEST_ID"));
  BOOST_TEST(asked() == 0U);
}

// T13.
BOOST_AUTO_TEST_CASE(nothing_that_is_kept_holds_the_cards_number_or_the_person) {
  const auto kept = grants_file();
  BOOST_TEST(kept.find(origin) != std::string::npos);
  BOOST_TEST(kept.find("nhi.read") != std::string::npos);
  for (const auto& [name, value] : fields) {
    const std::string secret(value.as_string());
    const auto folders = stack_file("state") + "' '" + stack_file("cache") + "' '" + stack_file("log");
    BOOST_TEST(run(fmt::format("grep -rlF -e '{}' '{}' --include='*twcard*' --include='*.json*' || true", secret,
                               folders)) == "",
               std::string(name));
  }
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(stack_file("state/twcard/grants.json").c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_SUITE_END()
