// The installed pinentry-tty and pinentry-curses on a pseudo terminal, with the test as the person at the keyboard.
#include "daemon/prompt/pinentry.hpp"
#include "tests/daemon/prompt/has_code.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

namespace twcard::prompt {

namespace {

class Terminal final {
public:
  Terminal() {
    char name[128] = {};
    winsize size = {40, 120, 0, 0};
    BOOST_REQUIRE(::openpty(&m_keyboard, &m_line, name, nullptr, &size) == 0);
    m_name = name;
  }
  ~Terminal() {
    ::close(m_keyboard);
    ::close(m_line);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] Surface surface() const {
    Surface surface;
    surface.tty = m_name;
    surface.term = "xterm";
    return surface;
  }
  // Reads what is shown until `text` is there, at most 30 s.
  bool shows(const std::string& text) {
    while (m_shown.find(text) == std::string::npos) {
      pollfd event = {m_keyboard, POLLIN, 0};
      char octets[4096];
      if (::poll(&event, 1, 30'000) != 1) return false;
      const auto count = ::read(m_keyboard, octets, sizeof octets);
      if (count <= 0) return false;
      m_shown.append(octets, static_cast<std::size_t>(count));
    }
    return true;
  }
  void type(std::string_view keys) const {
    BOOST_REQUIRE(::write(m_keyboard, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }
  [[nodiscard]] const std::string& shown() const { return m_shown; }

private:
  int m_keyboard = -1;
  int m_line = -1; // kept open, so that the terminal lives between two programs on it
  std::string m_name;
  std::string m_shown;
};

PinentryOptions options_for(const char* program) {
  PinentryOptions options;
  options.program = program;
  return options;
}

PinRequest login() {
  PinRequest request;
  request.caller.origin = "https://page.test:8443";
  request.operation = Operation::Authenticate;
  request.card = CardPlace{"hicos", "citizen", "Reader 00 00"};
  request.tries_left = 2;
  request.min_length = 6;
  request.max_length = 8;
  return request;
}

ConsentRequest reading() {
  ConsentRequest request;
  request.caller.origin = "https://page.test:8443";
  request.fields = {NhiField::Name};
  return request;
}

std::string typed(const char* program, Language language, Terminal& terminal, const std::string& awaited) {
  auto pin = std::async(std::launch::async, [&] {
    const Cancellation never;
    const auto octets = ask_pin(options_for(program), terminal.surface(), pin_dialog(login(), language), 6, 8, never);
    return std::string(as_text(octets.view()));
  });
  BOOST_TEST(terminal.shows(awaited));
  terminal.type("246813\r");
  return pin.get();
}

bool consented(const char* program, Terminal& terminal, const std::string& awaited, std::string_view keys) {
  auto consent = std::async(std::launch::async, [&] {
    const Cancellation never;
    return ask_consent(options_for(program), terminal.surface(), consent_dialog(reading(), Language::English), never);
  });
  BOOST_TEST(terminal.shows(awaited));
  terminal.type(keys);
  return consent.get();
}

} // namespace

BOOST_AUTO_TEST_SUITE(real_pinentry)

BOOST_AUTO_TEST_CASE(pinentry_tty_reads_the_pin) {
  Terminal terminal;
  BOOST_TEST(typed("pinentry-tty", Language::English, terminal, "PIN:") == "246813");
  BOOST_TEST(terminal.shown().find("https://page.test:8443") != std::string::npos);
  BOOST_TEST(terminal.shown().find("246813") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(pinentry_curses_shows_chinese_and_reads_the_pin) {
  Terminal terminal;
  BOOST_TEST(typed("pinentry-curses", Language::TraditionalChinese, terminal, "取消") == "246813");
  BOOST_TEST(terminal.shown().find("https://page.test:8443") != std::string::npos);
  BOOST_TEST(terminal.shown().find("自然人憑證卡") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pinentry_tty_takes_a_consent_and_a_refusal) {
  Terminal allow;
  BOOST_TEST(consented("pinentry-tty", allow, "[acr]?", "a"));
  Terminal refuse;
  BOOST_TEST(!consented("pinentry-tty", refuse, "[acr]?", "r"));
}

BOOST_AUTO_TEST_CASE(pinentry_tty_goes_to_the_next_card_and_takes_it) {
  const CardRequest request{{"https://page.test", "", 0}, {{"nhi", "", "A", ""}, {"nhi", "", "B", ""}}, {}};
  Terminal terminal;
  auto chosen = std::async(std::launch::async, [&] {
    const Cancellation never;
    auto asked = request;
    asked.surface = terminal.surface();
    return ask_card(options_for("pinentry-tty"), asked, Language::English, never);
  });
  BOOST_TEST(terminal.shows("[ucn]?"));
  terminal.type("n");
  BOOST_TEST(terminal.shows("[uc]?"));
  terminal.type("u");
  BOOST_TEST(chosen.get() == 1U);
}

namespace {

// What pinentry is answered by these keys, each with what is shown before.
Consent lasting_consent(const char* program, const std::vector<std::pair<std::string, std::string>>& dialogs) {
  Terminal terminal;
  auto consent = std::async(std::launch::async, [&] {
    const Cancellation never;
    auto request = reading();
    request.may_be_remembered = true;
    request.surface = terminal.surface();
    return ask_consent_to_keep(options_for(program), request, Language::English, never);
  });
  for (const auto& [shown, keys] : dialogs) {
    BOOST_TEST(terminal.shows(shown));
    terminal.type(keys);
  }
  return consent.get();
}

} // namespace

BOOST_AUTO_TEST_CASE(pinentry_tty_has_a_key_for_each_of_three_answers) {
  BOOST_TEST((lasting_consent("pinentry-tty", {{"[ard]?", "a"}}) == Consent::Once));
  BOOST_TEST((lasting_consent("pinentry-tty", {{"[ard]?", "r"}}) == Consent::Refused));
  BOOST_TEST((lasting_consent("pinentry-tty", {{"[ard]?", "d"}, {"[ar]?", "a"}}) == Consent::Always));
  BOOST_TEST((lasting_consent("pinentry-tty", {{"[ard]?", "d"}, {"[ar]?", "r"}}) == Consent::Refused));
}

BOOST_AUTO_TEST_CASE(pinentry_curses_has_a_button_for_each_of_three_answers) {
  const std::string first = "<Refuse>";
  const std::string second = "<Always allow>";
  BOOST_TEST((lasting_consent("pinentry-curses", {{first, "\r"}}) == Consent::Once));
  BOOST_TEST((lasting_consent("pinentry-curses", {{first, "\t\t\r"}}) == Consent::Refused));
  BOOST_TEST((lasting_consent("pinentry-curses", {{first, "\t\r"}, {second, "\r"}}) == Consent::Always));
  BOOST_TEST((lasting_consent("pinentry-curses", {{first, "\t\r"}, {second, "\t\r"}}) == Consent::Refused));
}

BOOST_AUTO_TEST_CASE(without_a_terminal_there_is_no_prompt) {
  const Cancellation never;
  Surface nowhere;
  nowhere.tty = "/dev/pts/no-such-terminal";
  BOOST_CHECK_EXCEPTION(static_cast<void>(ask_consent(options_for("pinentry-curses"), nowhere,
                                                      consent_dialog(reading(), Language::English), never)),
                        Error, has_code(Errc::PromptUnavailable));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
