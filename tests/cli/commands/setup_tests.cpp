#include "tests/cli/child_program.hpp"
#include "tests/cli/fake_service.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <unistd.h>

using namespace twcard::cli::testing;

namespace fs = std::filesystem;

namespace {

// A person with nothing but a home; no card service, so the module has no slots when NSS loads it.
struct Home {
  PrivateFolder folder;
  Environment environment{{"HOME", folder.path().string()}, {"TWCARD_SOCKET", folder.path() / "no.sock"}};
  fs::path chromium = folder.path() / ".local/share/pki/nssdb";
  fs::path chromium_of_old = folder.path() / ".pki/nssdb";
  fs::path p11_kit = folder.path() / ".config/pkcs11/modules/twcard.module";

  [[nodiscard]] Outcome register_module(std::vector<std::string> options = {}) const {
    std::vector<std::string> arguments{"setup", "--module", TWCARD_MODULE};
    if (!options.empty() && options.front() == "--undo") arguments = {"setup"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_twcard(arguments, environment);
  }

  // NSS's own tool on a database; what it prints.
  [[nodiscard]] std::string modutil(const fs::path& database, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-force", "-dbdir", "sql:" + database.string()});
    auto outcome = ChildProgram("/usr/bin/modutil", arguments, environment).finish();
    BOOST_TEST(outcome.exit_code == 0, outcome.out << outcome.err);
    return outcome.out;
  }

  [[nodiscard]] std::string modules(const fs::path& database) const { return modutil(database, {"-list"}); }

  void make_database(const fs::path& database) const {
    fs::create_directories(database);
    (void)modutil(database, {"-create"});
  }

  // A folder of a Mozilla program with two profiles, one by an absolute path.
  void make_profiles(const fs::path& program) const {
    fs::create_directories(folder.path() / "elsewhere/b.work");
    fs::create_directories(folder.path() / program / "a.default");
    folder.file((program / "profiles.ini").string(),
                "[Install4F96D1932A9F858E]\nDefault=a.default\n\n[Profile1]\nName=work\nIsRelative=0\nPath=" +
                    (folder.path() / "elsewhere/b.work").string() +
                    "\n\n[Profile0]\r\nName=default\r\nIsRelative=1\r\nPath=a.default\r\n\n[Profile2]\nPath=deleted\n");
  }
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t states(const Outcome& outcome, std::string_view state) {
  std::size_t count = 0;
  const auto answer = json_of(outcome.out);
  for (const auto& place : answer.at("places").as_array()) count += place.at("state").as_string() == state ? 1 : 0;
  return count;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(setup_command, Home)

BOOST_AUTO_TEST_CASE(a_person_without_browsers_gets_p11_kit_and_a_database_where_chromium_looks) {
  const auto outcome = register_module();
  BOOST_TEST(outcome.exit_code == 0, outcome.out << outcome.err);
  BOOST_TEST(contains(content_of(p11_kit), "\nmodule: " TWCARD_MODULE "\n"));
  BOOST_TEST(contains(modules(chromium), TWCARD_MODULE));
  BOOST_TEST(!fs::exists(chromium_of_old));
}

BOOST_AUTO_TEST_CASE(both_places_of_chromium_and_every_profile_are_served_when_they_are_there) {
  make_database(chromium);
  make_database(chromium_of_old);
  make_profiles(".mozilla/firefox");
  make_profiles(".config/mozilla/firefox");
  make_profiles(".thunderbird");
  const auto outcome = register_module({"--json"});
  BOOST_TEST(outcome.exit_code == 0, outcome.out);
  BOOST_TEST(states(outcome, "registered") == 7U);         // p11-kit, Chromium twice, three a.default, b.work
  BOOST_TEST(states(outcome, "already_registered") == 2U); // b.work is in three lists
  for (const auto& database : {chromium, chromium_of_old, folder.path() / ".mozilla/firefox/a.default",
                               folder.path() / ".config/mozilla/firefox/a.default",
                               folder.path() / ".thunderbird/a.default", folder.path() / "elsewhere/b.work"})
    BOOST_TEST(contains(modules(database), TWCARD_MODULE));
}

BOOST_AUTO_TEST_CASE(only_the_old_place_of_chromium_is_served_when_it_is_the_one_there) {
  make_database(chromium_of_old);
  BOOST_TEST(register_module().exit_code == 0);
  BOOST_TEST(contains(modules(chromium_of_old), TWCARD_MODULE));
  BOOST_TEST(!fs::exists(chromium));
}

BOOST_AUTO_TEST_CASE(a_second_setup_changes_nothing_and_undo_takes_everything_back) {
  make_profiles(".mozilla/firefox");
  BOOST_TEST(register_module().exit_code == 0);
  const auto before = content_of(chromium / "pkcs11.txt");
  const auto again = register_module({"--json"});
  BOOST_TEST(states(again, "already_registered") == 4U);
  BOOST_TEST(content_of(chromium / "pkcs11.txt") == before);

  const auto undone = register_module({"--undo", "--json"});
  BOOST_TEST(undone.exit_code == 0, undone.out);
  BOOST_TEST(states(undone, "removed") == 4U);
  BOOST_TEST(!fs::exists(p11_kit));
  for (const auto& database : {chromium, folder.path() / ".mozilla/firefox/a.default"}) {
    BOOST_TEST(!contains(modules(database), "twcard"));
    BOOST_TEST(contains(modules(database), "NSS Internal PKCS #11 Module"));
  }
  BOOST_TEST(states(register_module({"--undo", "--json"}), "not_registered") == 4U);
}

BOOST_AUTO_TEST_CASE(a_registration_of_a_module_that_has_moved_is_renewed) {
  const auto old = folder.path() / "old.so";
  fs::copy_file(TWCARD_MODULE, old);
  BOOST_TEST(run_twcard({"setup", "--module", old.string()}, environment).exit_code == 0);
  fs::remove(old);
  BOOST_TEST(states(register_module({"--json"}), "registered") == 2U);
  BOOST_TEST(contains(modules(chromium), TWCARD_MODULE));
  BOOST_TEST(!contains(modules(chromium), old.string()));
  BOOST_TEST(contains(content_of(p11_kit), TWCARD_MODULE));
}

BOOST_AUTO_TEST_CASE(other_modules_stay_and_a_database_with_p11_kits_proxy_needs_nothing) {
  make_database(chromium);
  const std::string proxy = "/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so";
  (void)modutil(chromium, {"-add", "all", "-libfile", proxy});
  BOOST_TEST(states(register_module({"--json"}), "through_p11_kit") == 1U);
  BOOST_TEST(register_module({"--undo"}).exit_code == 0);
  BOOST_TEST(contains(content_of(chromium / "pkcs11.txt"), proxy));
}

BOOST_AUTO_TEST_CASE(the_module_beside_the_program_is_the_one_that_is_taken) {
  BOOST_TEST(run_twcard({"setup"}, environment).exit_code == 0);
  BOOST_TEST(contains(modules(chromium), TWCARD_MODULE));
}

BOOST_AUTO_TEST_CASE(without_modutil_p11_kit_is_done_and_the_package_is_named) {
  environment["PATH"] = "/nonexistent";
  const auto outcome = register_module();
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(contains(outcome.out, "apt install libnss3-tools"));
  BOOST_TEST(fs::exists(p11_kit));
}

BOOST_AUTO_TEST_CASE(a_database_that_cannot_be_changed_is_reported_and_the_others_are_done) {
  make_profiles(".mozilla/firefox");
  folder.file(".mozilla/firefox/a.default/cert9.db", "this is no database");
  const auto outcome = register_module({"--json"});
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(states(outcome, "failed") == 1U);
  BOOST_TEST(states(outcome, "registered") == 3U);
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_before_anything_is_changed) {
  BOOST_TEST(run_twcard({"setup", "--module", "/nonexistent.so"}, environment).exit_code == 1);
  BOOST_TEST(run_twcard({"setup", "word"}, environment).exit_code == 2);
  BOOST_TEST(run_twcard({"setup"}, {{"HOME", "relative"}}).exit_code == 1);
  BOOST_TEST(!fs::exists(p11_kit));
  BOOST_TEST(!fs::exists(chromium));
}

BOOST_AUTO_TEST_CASE(under_sudo_nothing_is_set_up_for_root) {
  environment.insert({{"SUDO_UID", "1000"}, {"SUDO_USER", "ming"}});
  const std::string as_root = ::geteuid() == 0 ? "--mount" : "--map-root-user";
  const auto outcome =
      ChildProgram("/usr/bin/unshare", {as_root, twcard_program().string(), "setup"}, environment).finish();
  BOOST_TEST(outcome.exit_code == 2);
  BOOST_TEST(contains(outcome.err, "for root, not for ming; run it without sudo"), outcome.err);
  BOOST_TEST(!fs::exists(p11_kit));
}

BOOST_AUTO_TEST_SUITE_END()
