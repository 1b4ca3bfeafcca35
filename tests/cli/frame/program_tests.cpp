#include "cli/frame/command.hpp"
#include "tests/cli/child_program.hpp"
#include "tests/cli/fake_service.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard::cli;
using namespace twcard::cli::testing;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(help_names_every_command_and_every_exit_status) {
  const auto help = run_twcard({"--help"});
  BOOST_TEST(help.exit_code == 0);
  BOOST_TEST(help.err.empty());
  for (const auto* command : all_commands()) BOOST_TEST(contains(help.out, command->summary.en));
  for (const auto& meaning : exit_code_meanings()) BOOST_TEST(contains(help.out, meaning.text.en));
}

BOOST_AUTO_TEST_CASE(every_command_explains_its_options) {
  for (const auto* command : all_commands()) {
    const auto help = run_twcard({std::string(command->name), "--help"});
    BOOST_TEST(help.exit_code == 0);
    for (const auto& option : command->options) BOOST_TEST(contains(help.out, option.name));
    BOOST_TEST(contains(help.out, "--json"));
  }
}

BOOST_AUTO_TEST_CASE(help_comes_in_the_language_of_the_locale) {
  BOOST_TEST(contains(run_twcard({"--help"}, {{"LANG", "zh_TW.UTF-8"}}).out, "結束狀態"));
  BOOST_TEST(contains(run_twcard({"--help"}, {{"LANG", "zh_TW.UTF-8"}, {"LC_ALL", "C"}}).out, "Exit status"));
  BOOST_TEST(contains(run_twcard({"read", "--help"}, {{"LC_MESSAGES", "zh_TW.UTF-8"}}).out, "健保卡"));
}

BOOST_AUTO_TEST_CASE(the_manual_has_every_command_option_and_exit_status) {
  for (const std::string document : {"docs/cli.md", "packaging/man/twcard.1"}) {
    auto manual = content_of(std::filesystem::path(TWCARD_SOURCE_DIR) / document);
    // roff writes a dash as \-
    for (std::size_t at = 0; (at = manual.find("\\-", at)) != std::string::npos;) manual.erase(at, 1);
    for (const auto* command : all_commands()) {
      BOOST_TEST(contains(manual, "twcard " + std::string(command->name)),
                 document + ": " + std::string(command->name));
      for (const auto& option : command->options)
        BOOST_TEST(contains(manual, option.name), document + ": " + std::string(option.name));
    }
    for (const auto& option : common_options()) BOOST_TEST(contains(manual, option.name));
    for (const auto& meaning : exit_code_meanings())
      BOOST_TEST(contains(manual, meaning.text.en), document + ": " + std::string(meaning.text.en));
  }
}

BOOST_AUTO_TEST_CASE(the_version_is_printed) {
  const auto version = run_twcard({"--version"});
  BOOST_TEST(version.exit_code == 0);
  BOOST_TEST(version.out == "twcard " TWCARD_VERSION "\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_exits_with_2_and_a_proposal) {
  const auto command = run_twcard({"statsu"});
  BOOST_TEST(command.exit_code == 2);
  BOOST_TEST(command.out.empty());
  BOOST_TEST(command.err == "twcard: unknown command statsu; did you mean status?\n");

  const auto option = run_twcard({"certs", "--pme"});
  BOOST_TEST(option.exit_code == 2);
  BOOST_TEST(option.err == "twcard: unknown option --pme; did you mean --pem?\n");

  BOOST_TEST(run_twcard({}).exit_code == 2);
  BOOST_TEST(run_twcard({"status", "superfluous"}).exit_code == 2);
  BOOST_TEST(
      run_twcard({"sign"}).err ==
      "twcard: usage: twcard sign FILE [--out FILE.sig] [--hash NAME] [--certificate ID|FILE] [--reader NAME]\n");
  BOOST_TEST(run_twcard({"statsu"}, {{"LANG", "zh_TW.UTF-8"}}).err ==
             "twcard: 沒有 statsu 這個指令；是不是 status？\n");
}

BOOST_AUTO_TEST_CASE(with_json_a_wrong_command_line_is_also_json) {
  const auto outcome = run_twcard({"--json", "statsu"});
  BOOST_TEST(outcome.exit_code == 2);
  BOOST_TEST(outcome.err.empty());
  const auto error = json_of(outcome.out).at("error").as_object();
  BOOST_TEST(error.at("code").as_string() == "bad_request");
  BOOST_TEST(error.at("message").at("en").as_string() == "unknown command statsu; did you mean status?");
  BOOST_TEST(error.at("message").at("zh-TW").as_string() == "沒有 statsu 這個指令；是不是 status？");
}

BOOST_AUTO_TEST_CASE(output_that_cannot_be_written_is_a_failure) {
  const auto outcome =
      ChildProgram("/bin/sh", {"-c", "exec \"$0\" --help > /dev/full", twcard_program().string()}, {}).finish();
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(contains(outcome.err, "standard output"));
}

BOOST_AUTO_TEST_CASE(without_a_service_the_exit_status_is_6) {
  const PrivateFolder folder;
  const auto outcome =
      run_twcard({"status", "--no-start", "--json"}, {{"TWCARD_SOCKET", (folder.path() / "card.sock").string()}});
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(json_of(outcome.out).at("error").at("code").as_string() == "service_unavailable");
}

BOOST_AUTO_TEST_CASE(a_service_of_another_protocol_is_not_used) {
  FakeService service;
  service.on("hello", R"({"service": "twcardd", "version": "5.0.0", "protocol": 2})");
  const auto outcome = service.run({"status"});
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(contains(outcome.err, "twcardd speaks protocol 2, this program 1"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_as_documented_is_an_internal_error) {
  FakeService service;
  service.on("status", R"({"readers": 7})");
  const auto outcome = service.run({"status"});
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(outcome.out.empty());
}

BOOST_AUTO_TEST_CASE(the_service_hears_how_to_ask_the_person) {
  FakeService service;
  service.on("status", R"({"pcsc": "ok", "readers": [], "profile_faults": []})");
  BOOST_TEST(service
                 .run({"status"}, {{"LANG", "zh_TW.UTF-8"},
                                   {"DISPLAY", ":7"},
                                   {"WAYLAND_DISPLAY", "wayland-1"},
                                   {"XAUTHORITY", "/run/x"},
                                   {"TERM", "xterm"}})
                 .exit_code == 0);
  const auto hello = service.request("hello").params;
  BOOST_TEST(hello.at("client").as_string() == "twcard");
  const auto& ui = hello.at("ui").as_object();
  BOOST_TEST(ui.at("language").as_string() == "zh-TW");
  BOOST_TEST(ui.at("display").as_string() == ":7");
  BOOST_TEST(ui.at("wayland_display").as_string() == "wayland-1");
  BOOST_TEST(ui.at("xauthority").as_string() == "/run/x");
  BOOST_TEST(ui.at("term").as_string() == "xterm");
}

BOOST_AUTO_TEST_SUITE_END()
