#include "daemon/prompt/pinentry.hpp"

#include "tests/daemon/prompt/has_code.hpp"
#include "tests/daemon/prompt/scripted_pinentry.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>

namespace twcard::prompt {

namespace {

PinentryOptions options_for(const ScriptedPinentry& pinentry) {
  PinentryOptions options;
  options.program = pinentry.program();
  options.grace = std::chrono::milliseconds(200);
  return options;
}

Dialog some_dialog() {
  return {"title", "line 1\n100 %\n中文", "PIN:", "6 to 8", "OK", "", "Cancel"};
}

std::string pin_from(const ScriptedPinentry& pinentry, std::size_t least = 1, std::size_t most = 64) {
  const Cancellation never;
  const auto pin = ask_pin(options_for(pinentry), {}, some_dialog(), least, most, never);
  return std::string(as_text(pin.view()));
}

bool consent_from(const ScriptedPinentry& pinentry) {
  const Cancellation never;
  return ask_consent(options_for(pinentry), {}, some_dialog(), never);
}

Errc pin_error(const ScriptedPinentry& pinentry) {
  try {
    pin_from(pinentry);
  } catch (const Error& error) {
    return error.code();
  }
  return Errc::Internal;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pinentry)

BOOST_AUTO_TEST_CASE(the_pin_is_what_the_person_typed_with_its_escapes_undone) {
  BOOST_TEST(pin_from(ScriptedPinentry("echo 'D 246813'; echo OK")) == "246813");
  BOOST_TEST(pin_from(ScriptedPinentry("echo 'D a%25b%0Ac'; echo OK")) == "a%b\nc");
  BOOST_TEST(pin_from(ScriptedPinentry("echo 'D 24'; echo 'S STATUS x'; echo 'D 68'; echo OK")) == "2468");
}

BOOST_AUTO_TEST_CASE(the_dialog_arrives_escaped_and_the_timeout_is_set) {
  const ScriptedPinentry pinentry("echo 'D 246813'; echo OK");
  pin_from(pinentry);
  BOOST_TEST(pinentry.was_sent("SETDESC line 1%0A100 %25%0A中文"));
  BOOST_TEST(pinentry.was_sent("SETPROMPT PIN:"));
  BOOST_TEST(pinentry.was_sent("SETTIMEOUT 120"));
  BOOST_TEST(pinentry.was_sent("OPTION lc-ctype=C.UTF-8"));
  BOOST_TEST(!pinentry.was_sent("OPTION allow-external-password-cache"));
}

BOOST_AUTO_TEST_CASE(the_surface_is_in_the_options_and_in_the_environment) {
  const ScriptedPinentry pinentry("echo 'D 246813'; echo OK");
  Surface surface;
  surface.display = ":5";
  surface.tty = "/dev/pts/55";
  surface.term = "vt220";
  const Cancellation never;
  BOOST_TEST(ask_pin(options_for(pinentry), surface, some_dialog(), 1, 8, never).size() == 6U);
  BOOST_TEST(pinentry.was_sent("OPTION display=:5"));
  BOOST_TEST(pinentry.was_sent("OPTION ttyname=/dev/pts/55"));
  std::string environment;
  std::getline(std::ifstream(pinentry.folder() / "environment"), environment);
  BOOST_TEST(environment == "display=:5 tty=/dev/pts/55 term=vt220");
}

BOOST_AUTO_TEST_CASE(only_the_button_that_takes_a_card_takes_it) {
  const CardRequest request{{"https://page.test", "", 0}, {{"nhi", "", "A", ""}, {"nhi", "", "B", ""}}, {}};
  const auto chosen_from = [&request](const ScriptedPinentry& pinentry) {
    const Cancellation never;
    return ask_card(options_for(pinentry), request, Language::English, never);
  };
  const std::string refused = "echo 'ERR 83886194 Not confirmed'";
  // Each card is shown by a pinentry of its own.
  const auto first_refused = "if [ \"$(wc -l <\"$folder/starts\")\" = 1 ]; then " + refused + "; else echo OK; fi";
  BOOST_TEST(chosen_from(ScriptedPinentry("", "echo OK")) == 0U);
  BOOST_TEST(chosen_from(ScriptedPinentry("", first_refused)) == 1U);
  BOOST_CHECK_EXCEPTION(chosen_from(ScriptedPinentry("", refused)), Error, has_code(Errc::Cancelled));
  BOOST_CHECK_EXCEPTION(chosen_from(ScriptedPinentry("", "echo 'ERR 83886179 Operation cancelled'")), Error,
                        has_code(Errc::Cancelled));
}

// A site's reading, for which a permanent consent is offered.
ConsentRequest lasting_reading() {
  ConsentRequest request;
  request.caller.origin = "https://page.test";
  request.fields = {NhiField::Name};
  request.may_be_remembered = true;
  return request;
}

Consent lasting_consent_from(const ScriptedPinentry& pinentry) {
  const Cancellation never;
  return ask_consent_to_keep(options_for(pinentry), lasting_reading(), Language::English, never);
}

BOOST_AUTO_TEST_CASE(always_is_the_button_to_allow_of_a_second_dialog_and_nothing_else) {
  const std::string middle = "echo 'ERR 83886194 Not confirmed'";
  const std::string closed = "echo 'ERR 83886179 Operation cancelled'";
  const auto answers = [](const std::string& first, const std::string& second) {
    return "if [ \"$(wc -l <\"$folder/starts\")\" = 1 ]; then " + first + "; else " + second + "; fi";
  };
  const auto consent = [&](const std::string& first, const std::string& second) {
    return lasting_consent_from(ScriptedPinentry("", answers(first, second)));
  };
  BOOST_TEST((consent("echo OK", "exit 1") == Consent::Once));
  BOOST_TEST((consent(middle, "echo OK") == Consent::Always));
  BOOST_TEST((consent(middle, middle) == Consent::Refused));
  BOOST_TEST((consent(middle, closed) == Consent::Refused));
  BOOST_TEST((consent(closed, "echo OK") == Consent::Refused));
  for (const auto* failing : {"echo 'ERR 83886142 Timeout'", "echo 'ERR 83918950 Inappropriate ioctl'", "exit 1"}) {
    BOOST_CHECK_THROW(consent(failing, "echo OK"), Error);
    BOOST_CHECK_THROW(consent(middle, failing), Error);
  }
}

BOOST_AUTO_TEST_CASE(the_three_answers_are_on_three_buttons) {
  const ScriptedPinentry pinentry("");
  BOOST_TEST((lasting_consent_from(pinentry) == Consent::Once));
  BOOST_TEST(pinentry.was_sent("SETOK Allow"));
  BOOST_TEST(pinentry.was_sent("SETNOTOK Don't ask again…"));
  BOOST_TEST(pinentry.was_sent("SETCANCEL Refuse"));
  BOOST_TEST(pinentry.starts() == 1U);
}

BOOST_AUTO_TEST_CASE(a_pinentry_that_has_no_third_button_can_allow_once_and_refuse) {
  const auto without_it = [](const std::string& on_confirm) {
    // What sets the button is not known to it.
    return std::string("echo OK; while read -r line; do case $line in SETNOTOK*) echo 'ERR 83886355 Unknown command';; "
                       "CONFIRM) ") +
           on_confirm + ";; BYE) echo OK; exit 0;; *) echo OK;; esac; done";
  };
  BOOST_TEST((lasting_consent_from(ScriptedPinentry("", "", without_it("echo OK"))) == Consent::Once));
  for (const auto* refusal : {"echo 'ERR 83886179 Operation cancelled'", "echo 'ERR 83886194 Not confirmed'"})
    BOOST_TEST((lasting_consent_from(ScriptedPinentry("", "", without_it(refusal))) == Consent::Refused));
}

BOOST_AUTO_TEST_CASE(a_consent_is_allowed_refused_or_closed) {
  BOOST_TEST(consent_from(ScriptedPinentry("", "echo OK")));
  BOOST_TEST(!consent_from(ScriptedPinentry("", "echo 'ERR 83886194 Not confirmed <Pinentry>'")));
  BOOST_CHECK_EXCEPTION(consent_from(ScriptedPinentry("", "echo 'ERR 83886179 Operation cancelled <Pinentry>'")), Error,
                        has_code(Errc::Cancelled));
}

BOOST_AUTO_TEST_CASE(errors_of_the_pinentry_have_their_own_codes) {
  BOOST_TEST((pin_error(ScriptedPinentry("echo 'ERR 83886179 Operation cancelled'")) == Errc::Cancelled));
  BOOST_TEST((pin_error(ScriptedPinentry("echo 'ERR 83886142 Timeout'")) == Errc::Timeout));
  BOOST_TEST((pin_error(ScriptedPinentry("echo 'ERR 83918950 Inappropriate ioctl'")) == Errc::PromptUnavailable));
  BOOST_TEST((pin_error(ScriptedPinentry("exit 1")) == Errc::PromptUnavailable));
  BOOST_TEST((pin_error(ScriptedPinentry("echo nonsense")) == Errc::PromptUnavailable));
  BOOST_TEST((pin_error(ScriptedPinentry("", "", "exit 1")) == Errc::PromptUnavailable));
}

BOOST_AUTO_TEST_CASE(a_missing_pinentry_is_prompt_unavailable) {
  const Cancellation never;
  for (const char* program : {"/nonexistent/pinentry", "no-such-pinentry"}) {
    PinentryOptions options;
    options.program = program;
    BOOST_CHECK_EXCEPTION(static_cast<void>(ask_consent(options, {}, some_dialog(), never)), Error,
                          has_code(Errc::PromptUnavailable));
  }
}

BOOST_AUTO_TEST_CASE(an_option_unknown_to_the_pinentry_is_not_a_fault) {
  const ScriptedPinentry pinentry(
      "echo 'D 246813'; echo OK", "",
      "echo OK; n=0; while [ $n -lt 3 ]; do read -r line; echo 'ERR 83886254 Unknown option'; n=$((n + 1)); done; n=0");
  BOOST_TEST(pin_from(pinentry) == "246813");
}

BOOST_AUTO_TEST_CASE(a_pin_of_64_octets_is_taken_and_one_of_65_is_not) {
  BOOST_TEST(pin_from(ScriptedPinentry("echo 'D " + std::string(64, '7') + "'; echo OK")).size() == 64U);
  BOOST_TEST((pin_error(ScriptedPinentry("echo 'D " + std::string(65, '7') + "'; echo OK")) == Errc::PinLength));
  BOOST_TEST((pin_error(ScriptedPinentry("echo 'D " + std::string(900, '7') + "'; echo OK")) == Errc::PinLength));
}

BOOST_AUTO_TEST_CASE(a_pin_of_a_wrong_length_is_asked_for_again_with_the_reason) {
  const ScriptedPinentry pinentry("[ $n = 1 ] && echo 'D 12' || echo 'D 246813'; echo OK");
  BOOST_TEST(pin_from(pinentry, 6, 8) == "246813");
  BOOST_TEST(pinentry.was_sent("SETERROR 6 to 8"));
  BOOST_TEST(pinentry.starts() == 1U);
}

BOOST_AUTO_TEST_CASE(three_pins_of_a_wrong_length_end_the_question) {
  const ScriptedPinentry pinentry("echo OK");
  BOOST_CHECK_EXCEPTION(pin_from(pinentry, 6, 8), Error, has_code(Errc::PinLength));
  const auto lines = pinentry.transcript();
  BOOST_TEST(std::count(lines.begin(), lines.end(), "GETPIN") == 3);
}

BOOST_AUTO_TEST_CASE(a_pinentry_that_ignores_its_timeout_is_ended) {
  const ScriptedPinentry pinentry("hang");
  auto options = options_for(pinentry);
  options.timeout = std::chrono::seconds(-5); // and the slack of five seconds: a deadline that has come
  const Cancellation never;
  BOOST_CHECK_EXCEPTION(static_cast<void>(ask_pin(options, {}, some_dialog(), 1, 8, never)), Error,
                        has_code(Errc::Timeout));
}

BOOST_AUTO_TEST_CASE(a_cancelled_question_ends_the_pinentry_even_one_that_ignores_sigterm) {
  for (const char* stubborn : {"", "trap '' TERM;"}) {
    ScriptedPinentry pinentry(std::string(stubborn) + "tell $$; hang");
    Cancellation cancellation;
    auto answer = std::async(std::launch::async, [&] {
      return ask_pin(options_for(pinentry), {}, some_dialog(), 1, 8, cancellation).size();
    });
    const auto process = static_cast<pid_t>(std::stol(pinentry.wait_for_word()));
    cancellation.request();
    BOOST_CHECK_EXCEPTION(answer.get(), Error, has_code(Errc::Cancelled));
    BOOST_TEST(has_ended(process));
  }
}

BOOST_AUTO_TEST_CASE(a_pinentry_that_does_not_leave_by_itself_is_ended_before_the_answer_is_given) {
  ScriptedPinentry pinentry("echo 'D 246813'; echo OK; tell $$; hang");
  auto answer = std::async(std::launch::async, [&] { return pin_from(pinentry); });
  const auto process = static_cast<pid_t>(std::stol(pinentry.wait_for_word()));
  BOOST_TEST(answer.get() == "246813");
  BOOST_TEST(has_ended(process));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
