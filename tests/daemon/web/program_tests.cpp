// The program twcard-web itself.
#include "tests/daemon/web/front/raw_web_socket.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <netinet/in.h>
#include <optional>
#include <sstream>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::web {

namespace {

class Program final {
public:
  // With these arguments; descriptors from 3 on are passed as systemd does.
  explicit Program(const std::vector<std::string>& arguments, const std::vector<int>& passed = {}) {
    std::array<int, 2> output{};
    BOOST_REQUIRE(::pipe2(output.data(), O_CLOEXEC) == 0);
    m_process = ::fork();
    if (m_process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::dup2(output[1], STDOUT_FILENO);
      ::dup2(output[1], STDERR_FILENO);
      if (!passed.empty()) {
        for (std::size_t i = 0; i < passed.size(); ++i) ::dup2(passed[i], static_cast<int>(100 + i));
        for (std::size_t i = 0; i < passed.size(); ++i) ::dup2(static_cast<int>(100 + i), static_cast<int>(3 + i));
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        ::setenv("LISTEN_FDS", std::to_string(passed.size()).c_str(), 1);
      }
      std::vector<char*> words{const_cast<char*>(TWCARD_WEB_PROGRAM)};
      for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
      words.push_back(nullptr);
      ::execv(TWCARD_WEB_PROGRAM, words.data());
      ::_exit(127);
    }
    ::close(output[1]);
    m_output = output[0];
  }
  ~Program() {
    stop();
    ::close(m_output);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] std::string line() const {
    std::string text;
    for (char c = 0; ::read(m_output, &c, 1) == 1 && c != '\n';) text += c;
    return text;
  }
  [[nodiscard]] std::uint16_t printed_port() const { return static_cast<std::uint16_t>(std::stoul(line())); }
  [[nodiscard]] pid_t process() const { return m_process; }
  // Exit status by itself.
  int status() {
    int status = -1;
    ::waitpid(std::exchange(m_process, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void stop() {
    if (m_process < 0) return;
    ::kill(m_process, SIGTERM);
    ::waitpid(std::exchange(m_process, -1), nullptr, 0);
  }

private:
  pid_t m_process = -1;
  int m_output = -1;
};

int listening(int family, std::uint16_t port) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = in6addr_loopback;
  const auto* address =
      family == AF_INET ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
  BOOST_REQUIRE(::bind(descriptor, address, family == AF_INET ? sizeof v4 : sizeof v6) == 0);
  BOOST_REQUIRE(::listen(descriptor, 8) == 0);
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool says_hello(std::uint16_t port, const std::string& origin = "https://page.test", bool ipv6 = false) {
  RawWebSocket page(port, ipv6);
  if (page.open(origin) != 101) return false;
  page.send_text(R"({"id":1,"method":"hello"})");
  return page.receive_text().find("\"service\":\"twcard\"") != std::string::npos;
}

// Status that a process of another user gets; needs to be root.
unsigned status_for_user(uid_t user, std::uint16_t port) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresuid(user, user, user) != 0) ::_exit(255);
    try {
      ::_exit(RawWebSocket(port).open("https://page.test") == 403 ? 3 : 1);
    } catch (const std::exception&) {
      ::_exit(2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return static_cast<unsigned>(WEXITSTATUS(status));
}

} // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(a_free_port_is_printed_and_serves_both_addresses) {
  const Program program({"--port", "0", "--socket", "/nonexistent/card.sock"});
  const auto port = program.printed_port();
  BOOST_TEST(says_hello(port));
  BOOST_TEST(says_hello(port, "https://page.test", true));
  BOOST_TEST(!says_hello(port, "http://localhost:8080"));
}

BOOST_AUTO_TEST_CASE(options_deny_a_site_and_let_a_developer_in) {
  const Program program(
      {"--port", "0", "--developer", "--deny", "https://bad.test", "--deny", "https://worse.test:443"});
  const auto port = program.printed_port();
  BOOST_TEST(says_hello(port, "http://localhost:8080"));
  for (const char* site : {"https://bad.test", "https://worse.test"}) {
    RawWebSocket page(port);
    BOOST_TEST(page.open(site) == 101U);
    BOOST_TEST(page.receive().close_code() == 4403U);
  }
}

BOOST_AUTO_TEST_CASE(a_configured_host_name_is_served_and_no_other) {
  const Program program({"--port", "0", "--host-name", "cards.home.test"});
  const auto port = program.printed_port();
  const auto status_of = [port](const std::string& name) {
    return RawWebSocket(port).request("GET / HTTP/1.1",
                                      browser_headers(name + ":" + std::to_string(port), "https://page.test"));
  };
  BOOST_TEST(status_of("cards.home.test") == 101U);
  BOOST_TEST(status_of("127.0.0.1") == 101U);
  BOOST_TEST(status_of("rebind.evil.test") == 403U);
}

BOOST_AUTO_TEST_CASE(a_process_of_another_user_is_forbidden) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("not tried: only root can be another user");
    return;
  }
  const Program program({"--port", "0"});
  const auto port = program.printed_port();
  BOOST_TEST(says_hello(port));
  BOOST_TEST(status_for_user(65534, port) == 3U);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_at_either_address_is_an_error) {
  for (const int family : {AF_INET, AF_INET6}) {
    const int squatter = listening(family, 0);
    Program program({"--port", std::to_string(port_of(squatter))});
    BOOST_TEST(program.line().find("port") != std::string::npos);
    BOOST_TEST(program.status() == 1);
    ::close(squatter);
  }
}

BOOST_AUTO_TEST_CASE(sockets_that_systemd_passes_are_used) {
  const int v4 = listening(AF_INET, 0);
  const auto port = port_of(v4);
  const int v6 = listening(AF_INET6, port);
  {
    const Program program({}, {v4, v6});
    BOOST_TEST(says_hello(port));
    BOOST_TEST(says_hello(port, "https://page.test", true));
  }
  Program pipe_instead({}, {STDERR_FILENO});
  BOOST_TEST(pipe_instead.status() == 1);
  const int other = listening(AF_INET6, 0);
  Program two_ports({}, {v4, other});
  BOOST_TEST(two_ports.status() == 1);
  for (const int descriptor : {v4, v6, other}) ::close(descriptor);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_reported_and_ends_with_status_2) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--port", "65536"},
                                                    {"--port", "x"},
                                                    {"--deny", "bad.test"},
                                                    {"--host-name", "cards.test:80"},
                                                    {"--what"},
                                                    {"extra"}}) {
    Program program(arguments);
    BOOST_TEST(!program.line().empty());
    BOOST_TEST(program.status() == 2);
  }
  Program help({"--help"});
  BOOST_TEST(help.line().find("twcard-web") == 0U);
  BOOST_TEST(help.status() == 0);
  Program version({"--version"});
  BOOST_TEST(version.line() == "twcard-web " TWCARD_VERSION);
  BOOST_TEST(version.status() == 0);
}

BOOST_AUTO_TEST_CASE(the_program_cannot_be_inspected_leaves_no_core_and_ends_on_sigterm) {
  Program program({"--port", "0"});
  const auto port = program.printed_port();
  RawWebSocket page(port);
  BOOST_TEST(page.open("https://page.test") == 101U);
  const std::string folder = "/proc/" + std::to_string(program.process());
  std::ifstream limits(folder + "/limits");
  bool no_core = false;
  for (std::string line; std::getline(limits, line);) {
    std::istringstream words(line);
    std::string max, core, file, size, soft, hard;
    words >> max >> core >> file >> size >> soft >> hard;
    if (core == "core" && soft == "0" && hard == "0") no_core = true;
  }
  BOOST_TEST(no_core);
  struct stat status {};
  BOOST_TEST(::stat((folder + "/mem").c_str(), &status) == 0);
  BOOST_TEST(status.st_uid == 0U); // of a process that is not dumpable
  ::kill(program.process(), SIGTERM);
  BOOST_TEST(page.receive().ended);
  BOOST_TEST(program.status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
