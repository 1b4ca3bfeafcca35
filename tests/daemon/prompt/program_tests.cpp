// The program twcard-prompt itself, behind its socket.
#include "rpc/client.hpp"
#include "tests/daemon/prompt/has_code.hpp"
#include "tests/daemon/prompt/scripted_pinentry.hpp"
#include "tests/support/process_memory.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace twcard::prompt {

namespace {

class Program final {
public:
  explicit Program(const ScriptedPinentry& pinentry) : m_socket(pinentry.folder() / "run" / "prompt.sock") {
    m_process = ::fork();
    if (m_process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::execl(TWCARD_PROMPT_PROGRAM, TWCARD_PROMPT_PROGRAM, "--socket", m_socket.c_str(), "--pinentry",
              pinentry.program().c_str(), nullptr);
      ::_exit(127);
    }
  }
  ~Program() {
    ::kill(m_process, SIGTERM);
    ::waitpid(m_process, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] pid_t process() const { return m_process; }

  // Once the program listens.
  [[nodiscard]] std::unique_ptr<rpc::Client> connect() const {
    for (int attempt = 0; attempt < 500; ++attempt) {
      try {
        return std::make_unique<rpc::Client>(rpc::Client::connect(m_socket));
      } catch (const Error&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // there is no event for "a socket file listens"
      }
    }
    throw std::runtime_error("twcard-prompt does not listen");
  }

private:
  std::filesystem::path m_socket;
  pid_t m_process = -1;
};

const boost::json::object consent = {{"caller", {{"origin", "https://canary-origin.test"}}},
                                     {"operation", "certificates"}};
const boost::json::object pin = {{"caller", {{"origin", "https://canary-origin.test"}}},
                                 {"operation", "authenticate"},
                                 {"tries_left", nullptr},
                                 {"min_length", 6},
                                 {"max_length", 64}};

} // namespace

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(answers_come_back_through_the_socket) {
  const ScriptedPinentry pinentry("echo 'D 246813'; echo OK", "echo 'ERR 83886194 Not confirmed'");
  const Program program(pinentry);
  const auto client = program.connect();
  BOOST_TEST(client->call("prompt.consent", consent).result.at("approved").as_bool() == false);
  const auto reply = client->call("prompt.pin", pin);
  BOOST_TEST(reply.result.empty());
  BOOST_TEST(as_text(reply.blob.view()) == "246813");
}

BOOST_AUTO_TEST_CASE(the_last_try_is_a_question_of_its_own_with_both_answers) {
  const boost::json::object params = {{"caller", {{"program", "/usr/bin/x"}, {"pid", 7}}},
                                      {"card", {{"kind", "hicos"}, {"reader", "Reader 00"}}}};
  for (const bool agreed : {true, false}) {
    const ScriptedPinentry pinentry("echo ERR", agreed ? "echo OK" : "echo 'ERR 83886194 Not confirmed'");
    const Program program(pinentry);
    BOOST_TEST(program.connect()->call("prompt.last_try", params).result.at("approved").as_bool() == agreed);
    BOOST_TEST(pinentry.was_sent("CONFIRM"));
    BOOST_TEST(!pinentry.was_sent("GETPIN"));
  }
}

BOOST_AUTO_TEST_CASE(a_consent_for_good_comes_back_as_one_only_where_it_was_asked_for) {
  const std::string at_the_second = "[ \"$(wc -l <\"$folder/starts\")\" = 2 ] && echo OK || ";
  const ScriptedPinentry pinentry("echo ERR", at_the_second + "echo 'ERR 83886194 Not confirmed'");
  const Program program(pinentry);
  auto params = consent;
  params["remember"] = true;
  const auto client = program.connect();
  const boost::json::object always{{"approved", true}, {"remember", true}};
  BOOST_TEST((client->call("prompt.consent", params).result == always));
  BOOST_TEST(pinentry.starts() == 2U);
  BOOST_TEST(!client->call("prompt.consent", consent).result.contains("remember"));
}

BOOST_AUTO_TEST_CASE(a_chosen_card_comes_back_by_its_place) {
  const ScriptedPinentry pinentry(
      "echo ERR", "[ \"$(wc -l <\"$folder/starts\")\" = 2 ] && echo OK || echo 'ERR 83886194 Not confirmed'");
  const Program program(pinentry);
  const boost::json::object card{{"kind", "nhi"}, {"reader", "Reader 00"}};
  const boost::json::object params = {{"caller", {{"origin", "https://page.test"}}},
                                      {"cards", boost::json::array{card, card, card}}};
  BOOST_TEST(program.connect()->call("prompt.card", params).result.at("chosen").to_number<int>() == 1);
  BOOST_TEST(pinentry.was_sent("SETNOTOK Next card"));
}

BOOST_AUTO_TEST_CASE(an_unknown_method_and_wrong_parameters_show_no_dialog) {
  const ScriptedPinentry pinentry("echo OK");
  const Program program(pinentry);
  const auto client = program.connect();
  BOOST_CHECK_EXCEPTION(client->call("prompt.signature", consent), Error, has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(client->call("prompt.pin", consent), Error, has_code(Errc::BadRequest));
  BOOST_TEST(pinentry.starts() == 0U);
}

BOOST_AUTO_TEST_CASE(a_caller_that_goes_away_takes_its_dialog_with_it_and_the_program_stays) {
  ScriptedPinentry pinentry("tell $$; hang");
  const Program program(pinentry);
  auto client = program.connect();
  auto lost = std::async(std::launch::async, [&] { client->call("prompt.pin", pin, {}, std::chrono::seconds(60)); });
  const auto dialog = static_cast<pid_t>(std::stol(pinentry.wait_for_word()));
  ::shutdown(client->descriptor(), SHUT_RDWR);
  BOOST_CHECK_THROW(lost.get(), Error);
  BOOST_TEST(has_ended(dialog));
  BOOST_TEST(program.connect()->call("prompt.consent", consent).result.at("approved").as_bool());
}

// A page that opens a connection, asks and closes within milliseconds reaches the dialog's process between fork and
// exec, where it still is a copy of the program, with the program's signal handlers.
BOOST_AUTO_TEST_CASE(a_question_that_is_cancelled_at_any_moment_never_ends_the_program) {
  const ScriptedPinentry pinentry("hang", "hang");
  const Program program(pinentry);
  std::mt19937 moments(20'261'201);
  std::uniform_int_distribution<int> microseconds(0, 10'000);
  for (int attempt = 0; attempt < 2'000; ++attempt) {
    const auto client = program.connect();
    auto lost = std::async(std::launch::async, [&] { client->call("prompt.consent", consent); });
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds(moments)));
    ::shutdown(client->descriptor(), SHUT_RDWR);
    BOOST_CHECK_THROW(lost.get(), Error);
    BOOST_REQUIRE(::waitpid(program.process(), nullptr, WNOHANG) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_second_question_waits_and_is_never_shown_when_its_caller_leaves_before) {
  ScriptedPinentry pinentry("tell $$; read -r go <\"$folder/go\"; echo 'D 246813'; echo OK");
  ::mkfifo((pinentry.folder() / "go").c_str(), 0600);
  const Program program(pinentry);
  const auto first = program.connect();
  auto answer = std::async(std::launch::async, [&] { return first->call("prompt.pin", pin).blob.size(); });
  static_cast<void>(pinentry.wait_for_word());
  {
    const auto second = program.connect();
    BOOST_CHECK_EXCEPTION(second->call("prompt.consent", consent, {}, std::chrono::milliseconds(100)), Error,
                          has_code(Errc::Timeout));
  }
  // Two answers on one more connection come after the program has seen that the second one ended.
  const auto third = program.connect();
  for (int i = 0; i < 2; ++i)
    BOOST_CHECK_EXCEPTION(third->call("prompt.signature", consent), Error, has_code(Errc::BadRequest));
  std::ofstream(pinentry.folder() / "go") << "go\n";
  BOOST_TEST(answer.get() == 6U);
  BOOST_TEST(first->call("prompt.consent", consent).result.at("approved").as_bool());
  BOOST_TEST(pinentry.starts() == 2U);
}

BOOST_AUTO_TEST_CASE(sigterm_ends_an_open_dialog_and_the_program) {
  ScriptedPinentry pinentry("tell $$; hang");
  std::optional<Program> program(std::in_place, pinentry);
  const auto client = program->connect();
  auto lost = std::async(std::launch::async, [&] { client->call("prompt.pin", pin); });
  const auto dialog = static_cast<pid_t>(std::stol(pinentry.wait_for_word()));
  program.reset();
  BOOST_CHECK_EXCEPTION(lost.get(), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(has_ended(dialog));
}

BOOST_AUTO_TEST_CASE(the_program_cannot_be_inspected_and_leaves_no_core) {
  const ScriptedPinentry pinentry("echo OK");
  const Program program(pinentry);
  program.connect()->call("prompt.consent", consent);
  std::ifstream limits("/proc/" + std::to_string(program.process()) + "/limits");
  bool no_core = false;
  for (std::string line; std::getline(limits, line);) {
    std::istringstream words(line);
    std::string max, core, file, size, soft, hard;
    words >> max >> core >> file >> size >> soft >> hard;
    if (core == "core" && soft == "0" && hard == "0") no_core = true;
  }
  BOOST_TEST(no_core);
  // The files of a process that is not dumpable belong to root.
  struct stat status {};
  BOOST_TEST(::stat(("/proc/" + std::to_string(program.process()) + "/mem").c_str(), &status) == 0);
  BOOST_TEST(status.st_uid == 0U);
}

// The scripts make the PIN, so that it stands in no file or argument that the program sees.
constexpr const char* canary = "canary-864197523";
constexpr const char* canary_digits = "864197523"; // a line buffer may have lost the front to the next line
const std::string type_canary = "echo \"D canary-$((123456789 * 7))\"; echo OK";

BOOST_AUTO_TEST_CASE(an_entered_pin_is_in_locked_memory_only) {
  ScriptedPinentry pinentry(type_canary + "; tell typed; hang");
  const Program program(pinentry);
  const auto client = program.connect();
  auto reply = std::async(std::launch::async, [&] { return client->call("prompt.pin", pin).blob.size(); });
  static_cast<void>(pinentry.wait_for_word());
  // The program has the PIN now, or in a moment, and waits for the script to leave.
  tests::Found found;
  while (reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready && !found.in_locked_pages) {
    const auto now = tests::find_in_memory(program.process(), canary_digits);
    if (!now) break;
    found.in_locked_pages = now->in_locked_pages;
    found.elsewhere = found.elsewhere || now->elsewhere;
  }
  BOOST_TEST(reply.get() == std::string_view(canary).size());
  if (!tests::find_in_memory(program.process(), "x")) {
    BOOST_TEST_MESSAGE("not looked at: this user may not read the memory of another process");
    return;
  }
  BOOST_TEST(found.in_locked_pages);
  BOOST_TEST(!found.elsewhere);
}

BOOST_AUTO_TEST_CASE(an_entered_pin_is_nowhere_in_memory_afterwards) {
  const ScriptedPinentry pinentry(type_canary);
  const Program program(pinentry);
  const auto client = program.connect();
  for (int round = 0; round < 3; ++round) BOOST_TEST(as_text(client->call("prompt.pin", pin).blob.view()) == canary);
  client->call("prompt.consent", consent); // the last answer's frame is gone once another was sent
  const auto control = tests::find_in_memory(program.process(), "asks the person at this computer");
  if (!control) {
    BOOST_TEST_MESSAGE("not looked at: this user may not read the memory of another process");
    return;
  }
  BOOST_TEST(control->elsewhere);
  for (const char* part : {canary, canary_digits}) {
    const auto found = tests::find_in_memory(program.process(), part).value();
    BOOST_TEST(!found.in_locked_pages);
    BOOST_TEST(!found.elsewhere);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
