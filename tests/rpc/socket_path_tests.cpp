#include "rpc/socket_path.hpp"

#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"
#include "tests/support/environment.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::rpc {

namespace {

using testing::PrivateFolder;
using twcard::testing::Environment;
namespace fs = std::filesystem;

} // namespace

BOOST_AUTO_TEST_SUITE(socket_path)

BOOST_AUTO_TEST_CASE(sockets_are_in_the_runtime_directory) {
  const Environment runtime("XDG_RUNTIME_DIR", "/run/somewhere");
  const Environment card("TWCARD_SOCKET", nullptr);
  const Environment prompt("TWCARD_PROMPT_SOCKET", nullptr);
  BOOST_TEST(card_socket() == "/run/somewhere/twcard/card.sock");
  BOOST_TEST(prompt_socket() == "/run/somewhere/twcard/prompt.sock");
}

BOOST_AUTO_TEST_CASE(the_environment_overrides_each_socket) {
  const Environment card("TWCARD_SOCKET", "/a/card.sock");
  const Environment prompt("TWCARD_PROMPT_SOCKET", "/b/prompt.sock");
  BOOST_TEST(card_socket() == "/a/card.sock");
  BOOST_TEST(prompt_socket() == "/b/prompt.sock");
}

BOOST_AUTO_TEST_CASE(without_a_runtime_directory_the_path_names_the_user) {
  for (const char* value : {static_cast<const char*>(nullptr), "", "relative"}) {
    const Environment runtime("XDG_RUNTIME_DIR", value);
    const auto user = std::to_string(::geteuid());
    const auto expected =
        fs::is_directory("/run/user/" + user) ? "/run/user/" + user + "/twcard" : "/tmp/twcard-" + user;
    BOOST_TEST(runtime_directory() == expected);
  }
}

BOOST_AUTO_TEST_CASE(the_folder_is_made_for_this_user_alone) {
  const PrivateFolder folder;
  prepare_socket_directory(folder.path() / "twcard" / "card.sock");
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((folder.path() / "twcard").c_str(), &status), 0);
  BOOST_TEST((status.st_mode & 07777) == 0700U);
  BOOST_CHECK_NO_THROW(prepare_socket_directory(folder.path() / "twcard" / "card.sock"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_open_to_others_is_refused) {
  const PrivateFolder folder;
  BOOST_REQUIRE_EQUAL(::chmod(folder.path().c_str(), 0750), 0);
  BOOST_CHECK_EXCEPTION(prepare_socket_directory(folder.path() / "card.sock"), Error,
                        has_code(Errc::ServiceUnavailable, "open to others"));
}

BOOST_AUTO_TEST_CASE(a_link_in_place_of_the_folder_is_refused) {
  const PrivateFolder folder;
  fs::create_directory(folder.path() / "real");
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "twcard");
  BOOST_CHECK_EXCEPTION(prepare_socket_directory(folder.path() / "twcard" / "card.sock"), Error,
                        has_code(Errc::ServiceUnavailable, "link"));
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_user_is_refused) {
  if (::geteuid() == 0) {
    const PrivateFolder folder;
    BOOST_REQUIRE_EQUAL(::chown(folder.path().c_str(), 65534, 65534), 0);
    BOOST_CHECK_EXCEPTION(prepare_socket_directory(folder.path() / "card.sock"), Error,
                          has_code(Errc::ServiceUnavailable, "another user"));
  } else {
    BOOST_CHECK_EXCEPTION(prepare_socket_directory("/etc/card.sock"), Error,
                          has_code(Errc::ServiceUnavailable, "another user"));
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_an_error_that_names_it) {
  BOOST_CHECK_EXCEPTION(prepare_socket_directory("/nowhere/twcard/card.sock"), Error,
                        has_code(Errc::ServiceUnavailable, "/nowhere/twcard"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
