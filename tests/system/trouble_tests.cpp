// Things that go wrong around twcardd: each has its own error, nothing hangs, the next operation works.
#include "tests/system/other_program.hpp"
#include "tests/system/stack.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace twcard;
using namespace twcard::tests;

namespace {

struct Calm {
  Calm() {
    person("approve");
    remove_card(0);
    remove_card(1);
    insert_card(0, stack_file("hicos.json"));
  }
  ~Calm() { person("approve"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(trouble, Calm)

BOOST_AUTO_TEST_CASE(a_card_pulled_while_the_pin_is_asked_is_said_and_the_next_card_works) {
  auto client = service();
  OtherProgram other(0);
  person("slow", 1500);
  std::string result = "not run";
  const auto der = certificate(client, "SIGN");
  std::jthread signer([&] { result = error_of([&] { sign(client); }); });
  BOOST_TEST(eventually([] { return open_dialogs().size() == 1; }));
  run("twcard-sim remove 0");
  signer.join();
  BOOST_TEST((result == "card_removed" || result == "no_card"), "got '" << result << "'");
  person("approve");
  insert_card(0, stack_file("hicos.json"));
  BOOST_TEST(error_of([&] { sign(client); }) == "");
}

BOOST_AUTO_TEST_CASE(a_prompt_is_closed_when_its_client_goes_away) {
  person("slow", 60'000);
  const auto asking = ::fork();
  if (asking == 0) {
    auto client = service();
    sign(client);
    ::_exit(0);
  }
  BOOST_TEST(eventually([] { return open_dialogs().size() == 1; }));
  ::kill(asking, SIGKILL);
  ::waitpid(asking, nullptr, 0);
  BOOST_TEST(eventually([] { return open_dialogs().size() == 0; }));
  person("approve");
  auto client = service();
  BOOST_TEST(error_of([&] { sign(client); }) == "");
}

BOOST_AUTO_TEST_CASE(no_card_is_said) {
  remove_card(0);
  auto client = service();
  BOOST_TEST(error_of([&] { client.call("certificates"); }) == "no_card");
  BOOST_TEST(error_of([&] { client.call("nhi.read", {{"fields", {"name"}}}); }) == "no_card");
}

BOOST_AUTO_TEST_CASE(a_damaged_certificate_leaves_the_others_usable) {
  run(fmt::format("twcard-sim personalise --kind hicos --name 陳大文 --id B123456780 --pin 246813 --damage certificate "
                  "--out '{}' >/dev/null",
                  stack_file("damaged.json")));
  auto client = service();
  const auto count_of_certificates = client.call("certificates").result.at("certificates").as_array().size();
  remove_card(0);
  insert_card(0, stack_file("damaged.json"));
  std::size_t usable = 0;
  const std::size_t others = count_of_certificates - 1;
  const auto code = error_of([&] { usable = client.call("certificates").result.at("certificates").as_array().size(); });
  BOOST_TEST(((code.empty() && usable == others) || code == "card_error"), "got '" << code << "' and " << usable);
}

BOOST_AUTO_TEST_CASE(an_oversized_frame_ends_its_connection_and_no_other) {
  auto other = service();
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ::sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = stack_variable("TWCARD_SOCKET");
  std::copy(path.begin(), path.end(), address.sun_path);
  BOOST_REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const std::array<std::uint8_t, 8> header{0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0};
  BOOST_REQUIRE(::send(fd, header.data(), header.size(), MSG_NOSIGNAL) == 8);
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(fd);
  BOOST_TEST(answer.find("bad_request") != std::string::npos);
  BOOST_TEST(other.call("status").result.at("pcsc").as_string() == "ok");
}

BOOST_AUTO_TEST_CASE(another_user_is_refused) {
  const auto child = ::fork();
  if (child == 0) {
    if (::setuid(65534) != 0) ::_exit(9);
    ::_exit(error_of([] { rpc::Client::connect(stack_variable("TWCARD_SOCKET")).call("status"); }) ==
                    "service_unavailable"
                ? 0
                : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(pcscd_that_goes_away_is_said_and_its_return_is_noticed) {
  auto client = service();
  const auto pcsc = [&] { return std::string(client.call("status").result.at("pcsc").as_string()); };
  stop_pcscd();
  BOOST_TEST(error_of([&] { client.call("certificates"); }) == "no_pcsc");
  start_pcscd();
  BOOST_TEST(eventually([&] { return pcsc() == "ok"; }));
  BOOST_TEST(eventually([&] { return error_of([&] { client.call("certificates"); }).empty(); }));
  BOOST_TEST(error_of([&] { sign(client); }) == "");
}

BOOST_AUTO_TEST_CASE(logs_name_no_pin_no_person_and_no_number) {
  auto client = service();
  insert_card(1, stack_file("nhi.json"));
  sign(client);
  client.call("nhi.read", {{"fields", {"name", "id_number", "card_number"}}});
  for (const char* name : {"TWCARD_TEST_PIN", "TWCARD_TEST_ID", "TWCARD_TEST_NAME"})
    BOOST_TEST(
        run(fmt::format("grep -rl -e '{}' '{}' --include='twcard*' || true", stack_variable(name), stack_file("log")))
            .empty(),
        name << " stands in a log");
}

BOOST_AUTO_TEST_SUITE_END()
