#include "tests/cli/legacy/legacy_home.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace twcard::cli::testing;

namespace fs = std::filesystem;

namespace {

struct Home : LegacyHome {
  // The states of the places, in order, as "program=state".
  [[nodiscard]] std::vector<std::string> states(std::vector<std::string> arguments,
                                                const std::string& mount = "bind") const {
    arguments.emplace_back("--json");
    const auto outcome = setup(arguments, mount);
    std::vector<std::string> list;
    const auto answer = json_of(outcome.out);
    for (const auto& place : answer.at("places").as_array())
      list.push_back(std::string(place.at("program").as_string()) + "=" + std::string(place.at("state").as_string()));
    return list;
  }
};

fs::perms rights(const fs::path& file) {
  return fs::status(file).permissions();
}

constexpr auto owner_only = fs::perms::owner_read | fs::perms::owner_write;
const std::string page = "https://page.test:8443";

std::string all(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += word + " ";
  return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(setup_legacy_command, Home)

BOOST_AUTO_TEST_CASE(nhiicc_is_set_up_everywhere_and_remove_leaves_nothing) {
  BOOST_TEST(all(states({"nhiicc", "--allow", page})) ==
             "certificate=registered Chromium=registered Firefox=registered hosts=registered settings=registered ");
  BOOST_TEST(content_of(settings) == "{\"nhiicc\":{\"origins\":[\"https://page.test:8443\"]}}\n");
  BOOST_TEST((rights(settings) == owner_only));
  BOOST_TEST((rights(legacy / "key.pem") == owner_only));
  BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n127.0.0.1 iccert.nhi.gov.tw # twcard\n");
  for (const auto& database : {chromium, firefox}) {
    BOOST_TEST(contains(certutil(database, {"-L"}), "C,,"));
    (void)certutil(database, {"-A", "-n", "leaf", "-t", ",,", "-i", (legacy / "certificate.pem").string()});
    BOOST_TEST(contains(certutil(database, {"-V", "-n", "leaf", "-u", "V"}), "certificate is valid"));
    (void)certutil(database, {"-D", "-n", "leaf"});
  }

  BOOST_TEST(all(states({"remove"})) == "settings=removed certificate=removed certificate=removed certificate=removed "
                                        "Chromium=removed Firefox=removed hosts=removed ");
  BOOST_TEST(!fs::exists(settings));
  BOOST_TEST(!fs::exists(legacy));
  BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n");
  for (const auto& database : {chromium, firefox}) BOOST_TEST(!contains(certutil(database, {"-L"}), "twcard"));
  BOOST_TEST(!contains(all(states({"remove"})), "=removed"));
}

BOOST_AUTO_TEST_CASE(the_authoritys_key_is_nowhere) {
  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  std::size_t keys = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder.path()))
    if (file.is_regular_file() && contains(content_of(file.path()), "PRIVATE KEY")) ++keys;
  BOOST_TEST(keys == 1U); // the leaf's
}

// The old component brought one key for all computers.
BOOST_AUTO_TEST_CASE(every_computer_has_an_authority_and_a_key_of_its_own) {
  const Home other;
  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  BOOST_TEST(other.setup({"nhiicc", "--allow", page}).exit_code == 0);
  for (const char* file : {"key.pem", "certificate.pem", "ca.pem"}) {
    BOOST_TEST(contains(content_of(legacy / file), "-----BEGIN "));
    BOOST_TEST(content_of(legacy / file) != content_of(other.legacy / file));
  }
  for (const auto& home : {legacy, other.legacy}) BOOST_TEST((rights(home / "key.pem") == owner_only));
  const auto public_key = [](const fs::path& home) {
    return ChildProgram("/usr/bin/openssl", {"pkey", "-in", (home / "key.pem").string(), "-pubout"}, {}).finish().out;
  };
  BOOST_TEST(contains(public_key(legacy), "-----BEGIN PUBLIC KEY-----"));
  BOOST_TEST(public_key(legacy) != public_key(other.legacy));
}

BOOST_AUTO_TEST_CASE(a_second_time_changes_nothing) {
  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  const auto before = content_of(legacy / "certificate.pem");
  BOOST_TEST(!contains(all(states({"nhiicc", "--allow", page})), "=registered"));
  BOOST_TEST(content_of(legacy / "certificate.pem") == before);
  // Without --allow the sites are also kept.
  BOOST_TEST(setup({"nhiicc"}).exit_code == 0);
  BOOST_TEST(contains(content_of(settings), page));
}

BOOST_AUTO_TEST_CASE(a_damaged_certificate_is_issued_again_and_the_old_one_loses_trust) {
  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  const auto old = content_of(legacy / "ca.pem");
  fs::remove(legacy / "key.pem");
  BOOST_TEST(contains(all(states({"nhiicc"})), "certificate=registered Chromium=registered Firefox=registered"));
  const auto trusted = certutil(chromium, {"-L", "-n", "twcard on this computer", "-a"});
  std::string pem;
  for (const char c : trusted)
    if (c != '\r') pem += c;
  BOOST_TEST(pem == content_of(legacy / "ca.pem"));
  BOOST_TEST(pem != old);
}

BOOST_AUTO_TEST_CASE(hipki_needs_no_certificate_and_no_name) {
  BOOST_TEST(all(states({"hipki", "--allow", page, "--allow", "https://b.example", "--page-pins", page})) ==
             "settings=registered ");
  BOOST_TEST(content_of(settings) == "{\"hipki\":{\"origins\":[\"https://page.test:8443\",\"https://b.example\"],"
                                     "\"page_pins\":[\"https://page.test:8443\"]}}\n");
  BOOST_TEST(!fs::exists(legacy));
  BOOST_TEST(!fs::exists(chromium));
}

BOOST_AUTO_TEST_CASE(the_sites_that_are_named_are_the_whole_list_of_that_interface) {
  BOOST_TEST(setup({"hipki", "--allow", page, "--page-pins", page}).exit_code == 0);
  BOOST_TEST(setup({"nhiicc", "--allow", "HTTPS://A.Example:443"}).exit_code == 0);
  BOOST_TEST(setup({"hipki", "--allow", "https://b.example"}).exit_code == 0);
  BOOST_TEST(content_of(settings) == "{\"nhiicc\":{\"origins\":[\"https://a.example\"]},"
                                     "\"hipki\":{\"origins\":[\"https://b.example\"]}}\n");
}

BOOST_AUTO_TEST_CASE(another_list_of_sites_is_shown_with_those_that_it_leaves_out) {
  BOOST_TEST(setup({"hipki", "--allow", page, "--allow", "https://b.example"}).exit_code == 0);
  const auto outcome = setup({"hipki", "--allow", "https://c.example", "--allow", page});
  BOOST_TEST(contains(outcome.out, "hipki may be used by:\n  https://c.example (new)\n  https://page.test:8443\n"
                                   "and no longer by (--allow gives the whole list):\n  https://b.example\n"),
             outcome.out);
  const auto answer = json_of(setup({"hipki", "--allow", page, "--json"}).out);
  BOOST_TEST(serialize(answer.at("before")) == "{\"origins\":[\"https://c.example\",\"https://page.test:8443\"]}");
  BOOST_TEST(serialize(answer.at("now")) == "{\"origins\":[\"https://page.test:8443\"]}");
}

BOOST_AUTO_TEST_CASE(page_pins_remain_for_the_sites_that_remain_and_can_be_removed) {
  BOOST_TEST(setup({"hipki", "--allow", page, "--allow", "https://b.example", "--page-pins", page, "--page-pins",
                    "https://b.example"})
                 .exit_code == 0);
  BOOST_TEST(setup({"hipki", "--allow", page, "--allow", "https://c.example"}).exit_code == 0);
  BOOST_TEST(content_of(settings) == "{\"hipki\":{\"origins\":[\"https://page.test:8443\",\"https://c.example\"],"
                                     "\"page_pins\":[\"https://page.test:8443\"]}}\n");
  BOOST_TEST(setup({"hipki", "--no-page-pins"}).exit_code == 0);
  BOOST_TEST(content_of(settings) == "{\"hipki\":{\"origins\":[\"https://page.test:8443\",\"https://c.example\"]}}\n");
}

BOOST_AUTO_TEST_CASE(one_interface_is_removed_and_the_other_remains) {
  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  BOOST_TEST(setup({"hipki", "--allow", page}).exit_code == 0);
  BOOST_TEST(all(states({"remove", "hipki"})) == "settings=removed ");
  BOOST_TEST(content_of(settings) == "{\"nhiicc\":{\"origins\":[\"https://page.test:8443\"]}}\n");
  BOOST_TEST(fs::exists(legacy / "key.pem"));
  BOOST_TEST(all(states({"remove", "hipki"})) == "settings=not_registered ");

  BOOST_TEST(setup({"hipki", "--allow", page}).exit_code == 0);
  const auto removed = setup({"remove", "nhiicc"});
  BOOST_TEST(removed.exit_code == 0);
  BOOST_TEST(!contains(removed.err, "systemctl"), removed.err);
  BOOST_TEST(content_of(settings) == "{\"hipki\":{\"origins\":[\"https://page.test:8443\"]}}\n");
  BOOST_TEST(!fs::exists(legacy));
  BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n");
  BOOST_TEST(setup({"remove", "hipki"}).exit_code == 0);
  BOOST_TEST(!fs::exists(settings));
}

BOOST_AUTO_TEST_CASE(what_is_on_is_listed_and_nothing_is_changed) {
  const auto nothing = setup({});
  BOOST_TEST(nothing.exit_code == 0);
  BOOST_TEST(nothing.out == "nhiicc: off\nhipki: off\n");
  BOOST_TEST(contains(nothing.err, "twcard setup legacy nhiicc --allow https://site.example"));
  BOOST_TEST(!fs::exists(folder.path() / ".config"));

  BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
  BOOST_TEST(setup({"hipki", "--allow", page, "--allow", "https://b.example", "--page-pins", page}).exit_code == 0);
  BOOST_TEST(ChildProgram("/usr/bin/certutil", {"-D", "-n", "twcard on this computer", "-d", "sql:" + firefox.string()},
                          environment)
                 .finish()
                 .exit_code == 0);
  const auto text = setup({}).out;
  for (const auto* part :
       {"nhiicc: on, for these sites:\n  https://page.test:8443\n  certificate  until 20", " days left), ",
        "/nssdb: trusts the certificate\n", "/a.default: does not trust the certificate\n",
        "iccert.nhi.gov.tw points to this computer\n", "card profile none for the NHI card\n",
        "hipki: on, for these sites:\n  https://page.test:8443 (the PIN entered on its page is used)\n"
        "  https://b.example\n"})
    BOOST_TEST(contains(text, part), part << " is missing in\n" << text);

  fs::create_directories(settings.parent_path() / "profiles.d");
  folder.file(".config/twcard/profiles.d/other.json", R"({"kind": "gpki"})");
  BOOST_TEST(json_of(setup({"--json"}).out).at("nhiicc").at("profile").as_bool() == false);
  folder.file(".config/twcard/profiles.d/nhi.json", R"({"kind": "nhi"})");
  fs::remove(legacy / "key.pem");
  const auto answer = json_of(setup({"--json"}).out);
  BOOST_TEST(answer.at("nhiicc").at("profile").as_bool());
  BOOST_TEST(answer.at("nhiicc").at("certificate").is_null()); // without its key it is of no use
  BOOST_TEST(answer.at("nhiicc").at("browsers").at(0).at("trusts").as_bool());
  BOOST_TEST(!answer.at("nhiicc").at("browsers").at(1).at("trusts").as_bool());
  BOOST_TEST(answer.at("hipki").at("on").as_bool());
}

BOOST_AUTO_TEST_CASE(commands_that_need_a_card_profile_are_named_while_it_is_missing) {
  BOOST_TEST(contains(setup({"nhiicc", "--allow", page}).err, "docs/nhi-authentication.md"));
  BOOST_TEST(!contains(setup({"hipki", "--allow", page}).err, "docs/nhi-authentication.md"));
  fs::create_directories(settings.parent_path() / "profiles.d");
  folder.file(".config/twcard/profiles.d/nhi.json", R"({"kind": "nhi"})");
  BOOST_TEST(!contains(setup({"nhiicc"}).err, "docs/nhi-authentication.md"));
}

// The command of the last place, done to the file instead of /etc/hosts by a person whose sudo is `exec "$@"`.
BOOST_AUTO_TEST_CASE(without_rights_a_command_is_given_that_can_be_copied_and_works) {
  fs::create_directories(folder.path() / "bin");
  const fs::path sudo = folder.file("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
  fs::permissions(sudo, fs::perms::owner_all);
  const auto copied = [&](const std::string& command) {
    auto words = command;
    const auto file = words.rfind("/etc/hosts");
    BOOST_REQUIRE(file == words.size() - std::string("/etc/hosts").size());
    words.replace(file, std::string::npos, hosts.string());
    BOOST_TEST(ChildProgram("/bin/sh", {"-c", words}, {{"PATH", sudo.parent_path().string() + ":/usr/bin:/bin"}})
                   .finish()
                   .exit_code == 0);
  };
  const auto command_of = [&](const std::vector<std::string>& arguments) {
    const auto outcome = setup(arguments, "bind,ro");
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(contains(outcome.out, "/etc/hosts: needs an administrator\n"), outcome.out);
    std::istringstream lines(outcome.out);
    std::string line;
    while (std::getline(lines, line) && !contains(line, "sudo")) {
    }
    return line;
  };
  for (const std::string before : {"127.0.0.1 localhost\n", "127.0.0.1 localhost"}) {
    folder.file("hosts", before);
    copied(command_of({"nhiicc", "--allow", page}));
    BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n127.0.0.1 iccert.nhi.gov.tw # twcard\n");
    BOOST_TEST(contains(all(states({"nhiicc"})), "hosts=already_registered"));
    copied(command_of({"remove"}));
    BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n");
  }
  const auto form = json_of(setup({"nhiicc", "--allow", page, "--json"}, "bind,ro").out);
  BOOST_TEST(form.at("places").at(3).at("command").as_string() ==
             "printf '%s\\n' '127.0.0.1 iccert.nhi.gov.tw # twcard' | sudo tee -a /etc/hosts");
}

BOOST_AUTO_TEST_CASE(under_sudo_nothing_is_set_up_for_root) {
  environment.insert({{"SUDO_UID", "1000"}, {"SUDO_USER", "ming"}});
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"nhiicc", "--allow", page}, {"remove"}, {}}) {
    const auto outcome = setup(arguments);
    BOOST_TEST(outcome.exit_code == 2);
    BOOST_TEST(contains(outcome.err, "for root, not for ming; run it without sudo"), outcome.err);
  }
  BOOST_TEST(!fs::exists(folder.path() / ".config"));
  BOOST_TEST(content_of(hosts) == "127.0.0.1 localhost\n");
  environment["LC_ALL"] = "zh_TW.UTF-8";
  BOOST_TEST(contains(setup({"remove"}).err, "請不要加 sudo 執行"));
  environment["SUDO_UID"] = "0"; // root who has called sudo
  BOOST_TEST(setup({"remove"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_before_anything_is_changed) {
  const auto refused = [this](std::vector<std::string> arguments, std::string_view part) {
    const auto outcome = setup(std::move(arguments));
    BOOST_TEST(outcome.exit_code == 2);
    BOOST_TEST(contains(outcome.err, part), outcome.err);
  };
  refused({"nhiicc"}, "--allow https://site.example");
  refused({"nhiicc", "--allow", "page.test"}, "--allow page.test is not the address of a site");
  refused({"nhiicc", "--allow", "http://page.test"}, "is not the address of a site");
  refused({"nhiicc", "--allow", "https://page.test/path"}, "is not the address of a site");
  refused({"nhiicc", "--allow", page, "--page-pins", page}, "for hipki only");
  refused({"nhiicc", "--allow", page, "--no-page-pins"}, "for hipki only");
  refused({"hipki", "--allow", page, "--page-pins", page, "--no-page-pins"}, "not both");
  refused({"hipki", "--allow", page, "--page-pins", "https://b.example"}, "not allowed");
  refused({"hipki"}, "--allow https://site.example");
  std::vector<std::string> too_many{"hipki"};
  for (int i = 0; i < 257; ++i) too_many.insert(too_many.end(), {"--allow", "https://" + std::to_string(i) + ".test"});
  refused(too_many, "257 sites: at most 256 may use it");
  refused({"moica", "--allow", page}, "unknown interface moica");
  refused({"remove", "--allow", page}, "--allow cannot be combined with it");
  refused({"remove", "moica"}, "unknown interface moica");
  refused({"nhiicc", "hipki", "--allow", page}, "one interface at a time");
  refused({"--allow", page}, "which interface");
  refused({"remove", "nhiicc", "hipki"}, "usage: twcard setup legacy");
  BOOST_TEST(!fs::exists(folder.path() / ".config"));
  BOOST_TEST(!fs::exists(chromium));
}

BOOST_AUTO_TEST_CASE(a_settings_file_of_somebody_else_is_not_written_over) {
  fs::create_directories(settings.parent_path());
  folder.file(".config/twcard/legacy.json", "{\"other\":1}");
  const auto outcome = setup({"hipki", "--allow", page});
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(contains(outcome.err, "legacy.json"));
  BOOST_TEST(content_of(settings) == "{\"other\":1}");
  BOOST_TEST(setup({"remove"}).exit_code == 0);
  BOOST_TEST(!fs::exists(settings));
}

BOOST_AUTO_TEST_CASE(a_database_that_cannot_be_changed_is_reported_and_the_others_are_done) {
  folder.file(".mozilla/firefox/a.default/cert9.db", "this is no database");
  BOOST_TEST(all(states({"nhiicc", "--allow", page})) ==
             "certificate=registered Chromium=registered Firefox=failed hosts=registered settings=registered ");
}

BOOST_AUTO_TEST_SUITE_END()
