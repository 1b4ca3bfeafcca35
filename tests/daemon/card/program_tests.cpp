// The program twcardd itself. Whether pcscd runs on this machine makes no difference to what is checked here.
#include "rpc/client.hpp"
#include "rpc/server.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::service::testing {

namespace {

// A child process with what it writes.
class Program final {
public:
  // `listening` becomes descriptor 3, as systemd passes it.
  Program(std::vector<std::string> arguments, int listening = -1) {
    int output[2];
    BOOST_REQUIRE_EQUAL(::pipe2(output, O_CLOEXEC), 0);
    m_process = ::fork();
    if (m_process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(output[1], STDOUT_FILENO);
      ::dup2(output[1], STDERR_FILENO);
      if (listening >= 0) {
        ::dup2(listening, 3);
        ::setenv("LISTEN_FDS", "1", 1);
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
      }
      std::vector<char*> argv{const_cast<char*>("twcardd")};
      for (auto& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(TWCARDD_PROGRAM, argv.data());
      ::_exit(127);
    }
    ::close(output[1]);
    m_output = output[0];
  }
  ~Program() {
    if (m_process > 0) {
      ::kill(m_process, SIGKILL);
      ::waitpid(m_process, nullptr, 0);
    }
    ::close(m_output);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void signal(int number) const { ::kill(m_process, number); }
  [[nodiscard]] pid_t process() const { return m_process; }

  // Reads all that it writes until it ends; its exit status.
  int wait() {
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(m_output, buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(count));
    int status = -1;
    ::waitpid(std::exchange(m_process, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string text;

private:
  pid_t m_process = -1;
  int m_output = -1;
};

// A program that got its socket from outside, so that connecting to it never comes too early.
struct Activated {
  rpc::testing::PrivateFolder folder;
  std::filesystem::path socket = folder.path() / "card.sock";
  boost::asio::io_context context;
  boost::asio::local::stream_protocol::acceptor listening = rpc::listen_at(context.get_executor(), socket);
  Program program{{"--prompt-socket", (folder.path() / "prompt.sock").string()}, listening.native_handle()};
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(twcardd)

BOOST_AUTO_TEST_CASE(help_names_every_option) {
  Program program({"--help"});
  BOOST_TEST(program.wait() == 0);
  for (const char* option :
       {"--socket", "--prompt-socket", "--profiles", "--state", "--cache", "--connections", "--version", "TWCARD_LOG"})
    BOOST_TEST(contains(program.text, option), option);
}

BOOST_AUTO_TEST_CASE(version_is_one_line) {
  Program program({"--version"});
  BOOST_TEST(program.wait() == 0);
  BOOST_TEST(program.text == "twcardd " TWCARD_VERSION "\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_reported_and_nothing_is_started) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--sokcet", "x"}, {"extra"}, {"--socket"}}) {
    Program program(arguments);
    BOOST_TEST(program.wait() == 2);
    BOOST_TEST(contains(program.text, "--help"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_passed_socket_is_served, Activated) {
  auto client = rpc::Client::connect(socket);
  BOOST_TEST(client.call("hello").result.at("service").as_string() == "twcardd");
  BOOST_CHECK_NO_THROW(client.call("status"));
}

BOOST_FIXTURE_TEST_CASE(a_signal_ends_it_cleanly_with_a_client_connected, Activated) {
  auto client = rpc::Client::connect(socket);
  client.call("status");
  program.signal(SIGTERM);
  BOOST_TEST(program.wait() == 0);
  BOOST_TEST(contains(program.text, "stopped"));
  BOOST_CHECK_EXCEPTION(client.call("status"), Error, has_code(Errc::ServiceUnavailable));
}

BOOST_FIXTURE_TEST_CASE(a_core_file_is_never_written, Activated) {
  rpc::Client::connect(socket).call("hello");
  std::ifstream limits("/proc/" + std::to_string(program.process()) + "/limits");
  std::string line;
  while (std::getline(limits, line) && !line.starts_with("Max core file size")) {
  }
  std::istringstream words(line.substr(std::string("Max core file size").size()));
  std::string soft;
  std::string hard;
  words >> soft >> hard;
  BOOST_TEST(soft == "0");
  BOOST_TEST(hard == "0");
}

BOOST_FIXTURE_TEST_CASE(a_second_one_says_which_socket_is_taken, Activated) {
  rpc::Client::connect(socket).call("hello");
  Program second({"--socket", socket.string()});
  BOOST_TEST(second.wait() == 1);
  BOOST_TEST(contains(second.text, socket.string()));
  BOOST_TEST(contains(second.text, "running service"));
}

BOOST_AUTO_TEST_CASE(a_socket_that_cannot_be_made_is_reported_with_the_reason) {
  Program program({"--socket", "/nowhere/twcard/card.sock"});
  BOOST_TEST(program.wait() == 1);
  BOOST_TEST(contains(program.text, "/nowhere/twcard"));
  BOOST_TEST(contains(program.text, "No such file"));
}

BOOST_AUTO_TEST_CASE(a_faulty_profile_is_logged_and_shown_and_hides_nothing_else) {
  const rpc::testing::PrivateFolder profiles;
  std::ofstream(profiles.path() / "faulty.json") << "{\n";
  const rpc::testing::PrivateFolder folder;
  boost::asio::io_context context;
  auto listening = rpc::listen_at(context.get_executor(), folder.path() / "card.sock");
  Program program({"--profiles", profiles.path().string()}, listening.native_handle());
  const auto status = rpc::Client::connect(folder.path() / "card.sock").call("status").result;
  const auto& faults = status.at("profile_faults").as_array();
  BOOST_REQUIRE_EQUAL(faults.size(), 1U);
  BOOST_TEST(faults[0].at("file").as_string() == (profiles.path() / "faulty.json").string());
  program.signal(SIGTERM);
  BOOST_TEST(program.wait() == 0);
  BOOST_TEST(contains(program.text, "faulty.json:"));
  BOOST_TEST(program.text.find("faulty.json:") == program.text.rfind("faulty.json:"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
