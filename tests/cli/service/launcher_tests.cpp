#include "cli/service/launcher.hpp"

#include "tests/cli/fake_service.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <unistd.h>

using namespace twcard;
using namespace twcard::cli::testing;
namespace fs = std::filesystem;

namespace {

// By the process number in its own note; returns when it is gone.
void end_process(const std::string& note) {
  int pid = 0;
  std::istringstream(note.substr(note.find(' '))) >> pid;
  const auto process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (process < 0) return;
  pollfd ended{process, POLLIN, 0};
  ::kill(pid, SIGKILL);
  ::poll(&ended, 1, 10'000);
  ::close(process);
}

// twcard beside stand-ins for the services, and a folder for their sockets. Whatever was started ends with it.
class Installation final {
public:
  Installation() {
    fs::copy_file(twcard_program(), program());
    fs::create_directory(m_sockets);
    fs::permissions(m_sockets, fs::perms::owner_all);
  }
  ~Installation() {
    for (const std::string name : {"twcardd", "twcard-prompt"})
      if (fs::exists(m_sockets / (name + ".started"))) end_process(note(name));
  }
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  void add(const std::string& name) const { fs::copy_file(FAKE_DAEMON, m_folder.path() / "bin" / name); }
  [[nodiscard]] fs::path program() const { return m_bin / "twcard"; }
  [[nodiscard]] const fs::path& sockets() const { return m_sockets; }
  [[nodiscard]] Environment environment() const {
    return {{"TWCARD_SOCKET", (m_sockets / "card.sock").string()},
            {"TWCARD_PROMPT_SOCKET", (m_sockets / "prompt.sock").string()}};
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const Environment& more = {}) const {
    auto variables = environment();
    variables.insert(more.begin(), more.end());
    return ChildProgram(program(), arguments, variables).finish();
  }
  [[nodiscard]] std::string note(const std::string& name) const { return content_of(m_sockets / (name + ".started")); }

private:
  PrivateFolder m_folder;
  fs::path m_bin = [this] {
    fs::create_directory(m_folder.path() / "bin");
    return m_folder.path() / "bin";
  }();
  fs::path m_sockets = m_folder.path() / "sockets";
};

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_launcher)

BOOST_AUTO_TEST_CASE(both_services_are_started_once_and_stay) {
  const Installation installation;
  installation.add("twcardd");
  installation.add("twcard-prompt");
  BOOST_TEST(installation.run({"status"}).exit_code == 0);
  const auto card = installation.note("twcardd");
  const auto prompt = installation.note("twcard-prompt");
  BOOST_TEST(installation.run({"status"}).exit_code == 0);
  BOOST_TEST(installation.note("twcardd") == card);
  BOOST_TEST(installation.note("twcard-prompt") == prompt);
}

BOOST_AUTO_TEST_CASE(a_started_service_is_detached_and_its_environment_is_clean) {
  const Installation installation;
  installation.add("twcardd");
  BOOST_TEST(
      installation
          .run({"status"}, {{"LD_LIBRARY_PATH", "/nowhere"}, {"PCSCLITE_CSOCK_NAME", "/nowhere"}, {"DISPLAY", ":7"}})
          .exit_code == 0);
  const auto note = installation.note("twcardd");
  BOOST_TEST(has_line(note, "session own"));
  BOOST_TEST(has_line(note, "stdin /dev/null"));
  BOOST_TEST(has_line(note, "folder /"));
  BOOST_TEST(has_line(note, "LD_LIBRARY_PATH unset"));
  BOOST_TEST(has_line(note, "PCSCLITE_CSOCK_NAME unset"));
  BOOST_TEST(has_line(note, "DISPLAY set"));
  BOOST_TEST(has_line(note, "open files 5")); // 0, 1, 2, the note and the listing itself
  BOOST_TEST(content_of(installation.sockets() / "twcardd.log") == "twcardd: a line for the log\n");
  const auto permissions = fs::status(installation.sockets() / "twcardd.log").permissions();
  BOOST_TEST((permissions == (fs::perms::owner_read | fs::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(commands_at_the_same_time_start_the_services_once) {
  const Installation installation;
  installation.add("twcardd");
  installation.add("twcard-prompt");
  std::vector<std::unique_ptr<ChildProgram>> programs;
  for (int i = 0; i < 5; ++i)
    programs.push_back(std::make_unique<ChildProgram>(installation.program(), std::vector<std::string>{"status"},
                                                      installation.environment()));
  for (const auto& program : programs) BOOST_TEST(program->finish().exit_code == 0);
  const auto note = installation.note("twcardd");
  BOOST_TEST(note.find("pid") == note.rfind("pid"));
}

BOOST_AUTO_TEST_CASE(services_are_also_found_on_path) {
  const Installation installation;
  const PrivateFolder elsewhere;
  fs::copy_file(FAKE_DAEMON, elsewhere.path() / "twcardd");
  BOOST_TEST(installation.run({"status"}, {{"PATH", "relative:" + elsewhere.path().string()}}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_started_when_that_is_not_wanted) {
  const Installation installation;
  installation.add("twcardd");
  BOOST_TEST(installation.run({"status", "--no-start"}).exit_code == 6);
  BOOST_TEST(!fs::exists(installation.sockets() / "twcardd.started"));
}

BOOST_AUTO_TEST_CASE(a_running_service_is_used_as_it_is) {
  FakeService service;
  service.on("status", R"({"pcsc": "ok", "readers": [], "profile_faults": []})");
  BOOST_TEST(service.run({"status"}).exit_code == 0);
  BOOST_TEST(!fs::exists(service.folder().path() / "start.lock"));
}

BOOST_AUTO_TEST_CASE(a_missing_service_is_named) {
  const Installation installation;
  const auto outcome = installation.run({"status"});
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(outcome.err.find("twcardd is neither beside this program nor on PATH") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_service_that_ends_at_once_is_reported_with_its_log) {
  const Installation installation;
  installation.add("twcardd");
  std::ofstream(installation.sockets() / "refuse");
  const auto outcome = installation.run({"status"});
  BOOST_TEST(outcome.exit_code == 6);
  BOOST_TEST(outcome.err.find("twcardd ended at once; see " + (installation.sockets() / "twcardd.log").string()) !=
             std::string::npos);
  BOOST_TEST(content_of(installation.sockets() / "twcardd.log") == "twcardd: refuses to start\n");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_open_to_others_is_not_used) {
  const Installation installation;
  installation.add("twcardd");
  fs::permissions(installation.sockets(), fs::perms::all);
  BOOST_TEST(installation.run({"status"}).exit_code == 6);
  BOOST_TEST(!fs::exists(installation.sockets() / "twcardd.started"));
}

BOOST_AUTO_TEST_CASE(variables_that_could_slip_code_under_a_service_are_left_out) {
  const std::vector<const char*> environment{"PATH=/bin",      "LD_PRELOAD=x", "PCSCLITE_FILTER=y", "OLD_PATH=z",
                                             "OPENSSL_CONF=c", "GCONV_PATH=g", "GLIBC_TUNABLES=t",  "GCONV_PATHS=h"};
  const auto kept = cli::service_environment(environment);
  BOOST_TEST(kept == (std::vector<std::string>{"PATH=/bin", "OLD_PATH=z", "GCONV_PATHS=h"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
