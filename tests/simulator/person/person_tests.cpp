// The program as twcard-prompt starts it: `twcard-sim person` at the other end of two pipes.
#include "tests/simulator/cards.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace twcard::simulator::tests {

namespace {

constexpr int patience_ms = 20'000;

class Pinentry final {
public:
  explicit Pinentry(const TemporaryFolder& folder) {
    std::array<int, 2> in{}, out{};
    BOOST_REQUIRE(::pipe(in.data()) == 0);
    BOOST_REQUIRE(::pipe(out.data()) == 0);
    const auto answers = (folder / "answers.json").string();
    const auto transcript = (folder / "transcript").string();
    m_pid = ::fork();
    if (m_pid == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
      ::setenv("TWCARD_PERSON_ANSWERS", answers.c_str(), 1);
      ::setenv("TWCARD_PERSON_TRANSCRIPT", transcript.c_str(), 1);
      ::execl(TWCARD_SIM, TWCARD_SIM, "person", nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    m_to = in[1];
    m_from = out[0];
    BOOST_TEST(line().starts_with("OK"));
  }
  ~Pinentry() {
    hang_up();
    ::close(m_from);
    if (m_pid > 0) static_cast<void>(exit_status());
  }
  Pinentry(const Pinentry&) = delete;
  Pinentry& operator=(const Pinentry&) = delete;

  // The last line of the answer, data lines before it joined by '|'.
  std::string ask(const std::string& command) {
    tell(command);
    std::string data;
    for (;;) {
      const auto answer = line();
      if (!answer.starts_with("D ")) return data + answer;
      data += answer.substr(2) + "|";
    }
  }
  void tell(const std::string& command) {
    const auto octets = command + "\n";
    BOOST_REQUIRE(::write(m_to, octets.data(), octets.size()) == static_cast<ssize_t>(octets.size()));
  }
  void hang_up() {
    if (m_to >= 0) ::close(m_to);
    m_to = -1;
  }
  void terminate() const { ::kill(m_pid, SIGTERM); }
  // True when the program closes its output, which it does by ending.
  bool ended() {
    char rest = 0;
    pollfd waiting{m_from, POLLIN, 0};
    return ::poll(&waiting, 1, patience_ms) == 1 && ::read(m_from, &rest, 1) == 0;
  }
  int exit_status() {
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = 0;
    return status;
  }

private:
  std::string line() {
    std::string text;
    for (char c = 0;;) {
      pollfd waiting{m_from, POLLIN, 0};
      BOOST_REQUIRE(::poll(&waiting, 1, patience_ms) == 1);
      BOOST_REQUIRE(::read(m_from, &c, 1) == 1);
      if (c == '\n') return text;
      text += c;
    }
  }

  pid_t m_pid = 0;
  int m_to = -1;
  int m_from = -1;
};

struct Room {
  TemporaryFolder folder;

  Room() { mood("approve"); }
  void mood(const std::string& mode, int delay_ms = 0, const std::string& press = "") const {
    write_text(folder / "answers.json", R"({"mode":")" + mode + R"(","pin":"24%813","press":")" + press +
                                            R"(","delay_ms":)" + std::to_string(delay_ms) + "}");
  }
  std::vector<boost::json::object> transcript() const {
    std::vector<boost::json::object> lines;
    const auto text = read_text(folder / "transcript");
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      lines.push_back(boost::json::parse(text.substr(at, end - at)).as_object());
      at = end + 1;
    }
    return lines;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(person, Room)

BOOST_AUTO_TEST_CASE(consent_and_pin_are_given) {
  Pinentry pinentry(folder);
  BOOST_TEST(pinentry.ask("OPTION ttyname=/dev/null") == "OK");
  BOOST_TEST(pinentry.ask("SETTITLE twcard") == "OK");
  BOOST_TEST(pinentry.ask("SETDESC Sign?%0A100%25 sure, %E7%8E%8B") == "OK");
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  BOOST_TEST(pinentry.ask("SETPROMPT PIN:") == "OK");
  BOOST_TEST(pinentry.ask("setkeyinfo --clear") == "OK");
  BOOST_TEST(pinentry.ask("GETPIN") == "24%25813|OK");
  BOOST_TEST(pinentry.ask("BYE").starts_with("OK"));
  BOOST_TEST(pinentry.ended());
  BOOST_TEST(pinentry.exit_status() == 0);

  const auto dialogs = transcript();
  BOOST_REQUIRE(dialogs.size() == 2U);
  BOOST_TEST(dialogs[0].at("kind").as_string() == "confirm");
  BOOST_TEST(dialogs[0].at("title").as_string() == "twcard");
  BOOST_TEST(dialogs[0].at("description").as_string() == "Sign?\n100% sure, 王");
  BOOST_TEST(dialogs[0].at("answer").as_string() == "approved");
  BOOST_TEST(dialogs[1].at("kind").as_string() == "pin");
  BOOST_TEST(dialogs[1].at("prompt").as_string() == "PIN:");
  BOOST_TEST(dialogs[1].at("answer").as_string() == "entered");
  BOOST_TEST(read_text(folder / "transcript").find("813") == std::string::npos); // never the PIN
}

BOOST_AUTO_TEST_CASE(each_mood_has_its_answers_and_may_change_between_dialogs) {
  Pinentry pinentry(folder);
  mood("refuse");
  BOOST_TEST(pinentry.ask("CONFIRM") == "ERR 83886194 Not confirmed <Pinentry>");
  BOOST_TEST(pinentry.ask("GETPIN") == "ERR 83886179 Operation cancelled <Pinentry>");
  mood("cancel");
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  BOOST_TEST(pinentry.ask("GETPIN") == "ERR 83886179 Operation cancelled <Pinentry>");
  mood("wrong-pin");
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  BOOST_TEST(pinentry.ask("GETPIN") == "24%25810|OK");
  std::string answers;
  for (const auto& dialog : transcript()) answers += std::string(dialog.at("answer").as_string()) + " ";
  BOOST_TEST(answers == "refused cancelled approved cancelled approved entered ");
}

BOOST_AUTO_TEST_CASE(a_named_button_is_pressed_where_there_is_one) {
  Pinentry pinentry(folder);
  pinentry.ask("SETOK Use this card");
  pinentry.ask("SETCANCEL Cancel");
  mood("approve", 0, "Next card");
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  pinentry.ask("SETNOTOK Next card");
  BOOST_TEST(pinentry.ask("CONFIRM") == "ERR 83886194 Not confirmed <Pinentry>");
  mood("refuse", 0, "Use this card");
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  mood("approve", 0, "Cancel");
  BOOST_TEST(pinentry.ask("CONFIRM") == "ERR 83886179 Operation cancelled <Pinentry>");
}

BOOST_AUTO_TEST_CASE(a_consent_for_good_is_given_by_the_button_for_it_and_by_the_next_dialog) {
  for (const char* label : {"Don't ask again…", "不再詢問…"}) {
    Pinentry pinentry(folder);
    mood("always");
    pinentry.ask(std::string("SETNOTOK ") + label);
    BOOST_TEST(pinentry.ask("CONFIRM").starts_with("ERR 83886194"));
    pinentry.ask("RESET");
    BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
    BOOST_TEST(pinentry.ask("GETPIN").ends_with("|OK"));
  }
  BOOST_TEST(transcript().at(0).at("answer").as_string() == "always");
  BOOST_TEST(transcript().at(1).at("answer").as_string() == "approved");
}

BOOST_AUTO_TEST_CASE(to_refuse_is_never_the_button_for_good) {
  Pinentry pinentry(folder);
  mood("refuse");
  pinentry.ask("SETNOTOK Don't ask again…");
  BOOST_TEST(pinentry.ask("CONFIRM").starts_with("ERR 83886179"));
  pinentry.ask("SETNOTOK Refuse");
  BOOST_TEST(pinentry.ask("CONFIRM").starts_with("ERR 83886194"));
  BOOST_TEST(transcript().at(0).at("answer").as_string() == "refused");
  BOOST_TEST(transcript().at(1).at("answer").as_string() == "refused");
}

BOOST_AUTO_TEST_CASE(a_message_has_nothing_to_refuse) {
  Pinentry pinentry(folder);
  mood("refuse");
  BOOST_TEST(pinentry.ask("CONFIRM --one-button") == "OK");
  BOOST_TEST(pinentry.ask("MESSAGE") == "OK");
  BOOST_TEST(transcript().at(0).at("kind").as_string() == "message");
}

BOOST_AUTO_TEST_CASE(an_error_text_is_shown_once_and_reset_forgets_everything) {
  Pinentry pinentry(folder);
  pinentry.ask("SETDESC text");
  pinentry.ask("SETERROR wrong PIN");
  pinentry.ask("GETPIN");
  pinentry.ask("GETPIN");
  pinentry.ask("RESET");
  pinentry.ask("CONFIRM");
  const auto dialogs = transcript();
  BOOST_REQUIRE(dialogs.size() == 3U);
  BOOST_TEST(dialogs[0].at("error").as_string() == "wrong PIN");
  BOOST_TEST(dialogs[1].at("error").as_string() == "");
  BOOST_TEST(dialogs[1].at("description").as_string() == "text");
  BOOST_TEST(dialogs[2].at("description").as_string() == "");
}

BOOST_AUTO_TEST_CASE(a_slow_person_approves_in_the_end) {
  Pinentry pinentry(folder);
  mood("slow", 20);
  BOOST_TEST(pinentry.ask("CONFIRM") == "OK");
  BOOST_TEST(pinentry.ask("GETPIN") == "24%25813|OK");
}

BOOST_AUTO_TEST_CASE(a_slow_person_runs_into_the_timeout_of_the_dialog) {
  Pinentry pinentry(folder);
  mood("slow", 3'600'000);
  BOOST_TEST(pinentry.ask("SETTIMEOUT 1") == "OK");
  BOOST_TEST(pinentry.ask("GETPIN") == "ERR 83886142 Timeout <Pinentry>");
  BOOST_TEST(transcript().at(0).at("answer").as_string() == "timeout");
}

BOOST_AUTO_TEST_CASE(a_slow_person_leaves_with_the_caller) {
  Pinentry pinentry(folder);
  mood("slow", 3'600'000);
  pinentry.tell("CONFIRM");
  pinentry.hang_up();
  BOOST_TEST(pinentry.ended());
  BOOST_TEST(pinentry.exit_status() == 0);
  BOOST_TEST(transcript().at(0).at("answer").as_string() == "closed");
}

BOOST_AUTO_TEST_CASE(sigterm_ends_a_slow_person) {
  Pinentry pinentry(folder);
  mood("slow", 3'600'000);
  pinentry.tell("CONFIRM");
  pinentry.terminate();
  BOOST_TEST(pinentry.ended());
  BOOST_TEST(WIFSIGNALED(pinentry.exit_status()));
}

BOOST_AUTO_TEST_CASE(information_is_given_and_the_unknown_is_refused) {
  Pinentry pinentry(folder);
  BOOST_TEST(pinentry.ask("GETINFO version") == TWCARD_VERSION "|OK");
  BOOST_TEST(pinentry.ask("GETINFO flavor") == "twcard-sim|OK");
  BOOST_TEST(pinentry.ask("GETINFO weather").starts_with("ERR 83886360"));
  BOOST_TEST(pinentry.ask("DANCE").starts_with("ERR 83886355"));
  BOOST_TEST(pinentry.ask("SETTIMEOUT soon").starts_with("ERR 83886360"));
  BOOST_TEST(pinentry.ask("SETDESC " + std::string(1000, 'x')).starts_with("ERR 83886343"));
  BOOST_TEST(pinentry.ask("# a comment\n\nNOP") == "OK");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
