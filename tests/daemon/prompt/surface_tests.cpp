#include "daemon/prompt/surface.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace twcard::prompt {

namespace {

// This process's own surroundings for one test.
struct OwnEnvironment {
  OwnEnvironment() {
    for (const char* name : names) ::unsetenv(name);
    ::setenv("DISPLAY", ":7", 1);
    ::setenv("GPG_TTY", "/dev/pts/77", 1);
    ::setenv("LANG", "zh_TW.UTF-8", 1);
  }
  ~OwnEnvironment() {
    for (const char* name : names) ::unsetenv(name);
  }
  static constexpr const char* names[] = {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",  "GPG_TTY",
                                          "TERM",    "LC_ALL",          "LC_MESSAGES", "LANG"};
};

bool has_option(const ChildSurface& child, const std::string& option) {
  return std::find(child.options.begin(), child.options.end(), option) != child.options.end();
}

std::string variable(const ChildSurface& child, const std::string& name) {
  for (const auto& [key, value] : child.environment)
    if (key == name) return value;
  return "not named";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(surface, OwnEnvironment)

BOOST_AUTO_TEST_CASE(what_the_request_does_not_say_is_this_processs_own) {
  const auto child = child_surface({});
  BOOST_TEST(variable(child, "DISPLAY") == ":7");
  BOOST_TEST(has_option(child, "display=:7"));
  BOOST_TEST(has_option(child, "ttyname=/dev/pts/77"));
  BOOST_TEST(has_option(child, "lc-messages=zh_TW.UTF-8"));
  BOOST_TEST((language_for({}) == Language::TraditionalChinese));
}

BOOST_AUTO_TEST_CASE(what_the_request_says_goes_before) {
  Surface wanted;
  wanted.language = "en";
  wanted.display = ":1";
  wanted.xauthority = "/home/somebody/.Xauthority";
  wanted.tty = "/dev/pts/3";
  wanted.term = "vt100";
  const auto child = child_surface(wanted);
  BOOST_TEST(variable(child, "DISPLAY") == ":1");
  BOOST_TEST(variable(child, "XAUTHORITY") == "/home/somebody/.Xauthority");
  BOOST_TEST(variable(child, "GPG_TTY") == "/dev/pts/3");
  BOOST_TEST(has_option(child, "ttyname=/dev/pts/3"));
  BOOST_TEST(has_option(child, "ttytype=vt100"));
  BOOST_TEST(has_option(child, "lc-messages=en_US.UTF-8"));
}

BOOST_AUTO_TEST_CASE(a_terminal_is_used_only_where_there_is_no_display) {
  Surface remote;
  remote.tty = "/dev/pts/3";
  BOOST_TEST(has_option(child_surface(remote), "display=:7"));
  ::unsetenv("DISPLAY");
  const auto child = child_surface(remote);
  BOOST_TEST(variable(child, "DISPLAY").empty());
  BOOST_TEST(variable(child, "WAYLAND_DISPLAY").empty());
  BOOST_TEST(has_option(child, "ttyname=/dev/pts/3"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
