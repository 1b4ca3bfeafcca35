// How a service comes by its listening socket.
#include "rpc/client.hpp"
#include "rpc/server.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::rpc {

namespace {

using testing::PrivateFolder;
using testing::ScriptedService;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

// Runs `check` in a child process with `passed` as descriptor 3, as systemd starts a service. Its value is the exit
// status.
template <typename Check>
int as_started_by_systemd(int passed, const char* count, bool for_this_process, Check check) {
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(passed, 3);
    ::setenv("LISTEN_FDS", count, 1);
    ::setenv("LISTEN_PID", std::to_string(for_this_process ? ::getpid() : 1).c_str(), 1);
    try {
      ::_exit(check());
    } catch (const Error& error) {
      ::_exit(error.code() == Errc::ServiceUnavailable ? 70 : 71);
    } catch (...) {
      ::_exit(72);
    }
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(listen)

BOOST_AUTO_TEST_CASE(the_socket_is_for_this_user_alone) {
  const PrivateFolder folder;
  boost::asio::io_context context;
  const auto acceptor = listen_at(context.get_executor(), folder.path() / "twcard" / "a.sock");
  BOOST_TEST(mode_of(folder.path() / "twcard") == 0700U);
  BOOST_TEST(mode_of(folder.path() / "twcard" / "a.sock") == 0600U);
}

BOOST_AUTO_TEST_CASE(a_socket_that_nobody_answers_on_is_replaced) {
  const PrivateFolder folder;
  const auto path = folder.path() / "a.sock";
  boost::asio::io_context context;
  { const auto of_a_crashed_service = listen_at(context.get_executor(), path); }
  BOOST_REQUIRE(std::filesystem::is_socket(path));
  BOOST_CHECK_NO_THROW(static_cast<void>(listen_at(context.get_executor(), path)));
}

BOOST_FIXTURE_TEST_CASE(a_socket_of_a_running_service_is_left_alone, ScriptedService) {
  boost::asio::io_context context;
  BOOST_CHECK_EXCEPTION(static_cast<void>(listen_at(context.get_executor(), socket())), Error,
                        has_code(Errc::ServiceUnavailable, "running service"));
  BOOST_CHECK_NO_THROW(Client::connect(socket()).call("echo"));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way_is_not_deleted) {
  const PrivateFolder folder;
  const auto path = folder.path() / "a.sock";
  std::ofstream(path) << "precious";
  boost::asio::io_context context;
  BOOST_CHECK_EXCEPTION(static_cast<void>(listen_at(context.get_executor(), path)), Error,
                        has_code(Errc::ServiceUnavailable, "in the way"));
  BOOST_TEST(std::filesystem::file_size(path) == 8U);
}

BOOST_AUTO_TEST_CASE(a_path_that_fits_no_socket_address_is_an_error) {
  const PrivateFolder folder;
  boost::asio::io_context context;
  BOOST_CHECK_EXCEPTION(static_cast<void>(listen_at(context.get_executor(), folder.path() / std::string(200, 'x'))),
                        Error, has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_CASE(a_socket_passed_by_systemd_is_taken_and_not_inherited_further) {
  const PrivateFolder folder;
  boost::asio::io_context context;
  auto passed = listen_at(context.get_executor(), folder.path() / "passed.sock");
  const auto unused = folder.path() / "unused.sock";
  const int status = as_started_by_systemd(passed.native_handle(), "1", true, [&] {
    boost::asio::io_context own;
    auto acceptor = listen_at(own.get_executor(), unused);
    if (acceptor.native_handle() != 3) return 1;
    if ((::fcntl(3, F_GETFD) & FD_CLOEXEC) == 0) return 2;
    if (std::getenv("LISTEN_FDS") != nullptr || std::getenv("LISTEN_PID") != nullptr) return 3;
    return 0;
  });
  BOOST_TEST(status == 0);
  BOOST_TEST(!std::filesystem::exists(unused));
}

BOOST_AUTO_TEST_CASE(a_socket_that_was_passed_to_another_process_is_not_taken) {
  const PrivateFolder folder;
  boost::asio::io_context context;
  auto passed = listen_at(context.get_executor(), folder.path() / "passed.sock");
  const int status = as_started_by_systemd(passed.native_handle(), "1", false, [&] {
    boost::asio::io_context own;
    return listen_at(own.get_executor(), folder.path() / "own.sock").native_handle() == 3 ? 1 : 0;
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(several_passed_sockets_or_another_kind_are_refused) {
  const PrivateFolder folder;
  boost::asio::io_context context;
  auto passed = listen_at(context.get_executor(), folder.path() / "passed.sock");
  const auto listens = [&] {
    boost::asio::io_context own;
    static_cast<void>(listen_at(own.get_executor(), folder.path() / "own.sock"));
    return 0;
  };
  BOOST_TEST(as_started_by_systemd(passed.native_handle(), "2", true, listens) == 70);
  for (const char* malformed : {"0", "-1", "1x", " 1", "99999999999"})
    BOOST_TEST(as_started_by_systemd(passed.native_handle(), malformed, true, listens) == 70, malformed);
  const int no_socket = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(as_started_by_systemd(no_socket, "1", true, listens) == 70);
  ::close(no_socket);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
