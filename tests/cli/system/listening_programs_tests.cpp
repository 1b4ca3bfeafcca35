// In trees that stand for /proc, and with a socket of this process.
#include "cli/system/listening_programs.hpp"

#include "tests/cli/child_program.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace twcard::cli;
using twcard::cli::testing::PrivateFolder;

namespace fs = std::filesystem;

namespace {

using Kind = PortHolder::Kind;

constexpr auto loopback = "0100007F";
constexpr auto loopback_6 = "00000000000000000000000001000000";

struct Proc {
  PrivateFolder folder;
  const fs::path& path = folder.path();
  std::string tables[2];

  void socket(const std::string& address, unsigned user, const std::string& inode, const char* state = "0A") {
    const bool six = address.size() > 8;
    tables[six ? 1 : 0] += fmt::format("   0: {}:1E61 {}:0000 {} 00000000:00000000 00:00000000 00000000 {:5} 0 {} 1\n",
                                       address, std::string(address.size(), '0'), state, user, inode);
    write("net/tcp", "  sl  local_address rem_address   st\n" + tables[0]);
    write("net/tcp6", "  sl  local_address rem_address   st\n" + tables[1]);
  }
  // `inode` is empty for one that hides its sockets.
  void process(const std::string& number, const std::string& name, unsigned user, const std::string& inode) {
    write(number + "/comm", name + "\n");
    write(number + "/status", fmt::format("Name:\t{}\nUid:\t{}\t{}\t{}\t{}\n", name, user, user, user, user));
    if (inode.empty()) return;
    fs::create_directories(path / number / "fd");
    fs::create_symlink("socket:[" + inode + "]", path / number / "fd/3");
  }
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((path / file).parent_path());
    std::ofstream(path / file) << text;
  }
};

const unsigned me = ::geteuid();

} // namespace

BOOST_FIXTURE_TEST_SUITE(listening_programs, Proc)

BOOST_AUTO_TEST_CASE(without_a_socket_nobody_has_the_port) {
  BOOST_TEST((holder_of(7777, path).kind == Kind::Nobody));
  socket(loopback, me, "11", "01"); // a connection
  socket("0205A8C0", me, "12");     // 192.168.5.2: another address
  process("5", "other", me, "11");
  BOOST_TEST((holder_of(7777, path).kind == Kind::Nobody));
  socket(loopback, me, "13");
  BOOST_TEST((holder_of(7778, path).kind == Kind::Nobody));
  BOOST_TEST((holder_of(7777, path).kind == Kind::Other));
}

BOOST_AUTO_TEST_CASE(another_program_is_named_at_whatever_address_it_keeps_us_from) {
  for (const auto* address : {loopback, "00000000", "0200007F", loopback_6, "00000000000000000000000000000000",
                              "0000000000000000FFFF00000100007F"}) {
    Proc proc;
    proc.socket(address, me, "11");
    proc.process("42", "mLNHIICC_Setup", me, "11");
    const auto holder = holder_of(7777, proc.path);
    BOOST_TEST((holder.kind == Kind::Other), address);
    BOOST_TEST(holder.program == "mLNHIICC_Setup");
    BOOST_TEST(holder.process == 42);
  }
}

BOOST_AUTO_TEST_CASE(twcard_web_is_known_also_where_it_hides_its_sockets) {
  socket(loopback, me, "11");
  socket(loopback_6, me, "12");
  process("40", "sh", me, "99");
  process("41", "twcard-web", me, "");
  BOOST_TEST((holder_of(7777, path).kind == Kind::TwcardWeb));
}

BOOST_AUTO_TEST_CASE(another_program_beside_twcard_web_is_reported) {
  socket(loopback_6, me, "12");
  socket(loopback, me, "11");
  process("41", "twcard-web", me, "12");
  process("42", "other", me, "11");
  BOOST_TEST((holder_of(7777, path).kind == Kind::Other));
  BOOST_TEST(holder_of(7777, path).program == "other");
}

BOOST_AUTO_TEST_CASE(twcard_web_of_another_user_is_another_program) {
  socket(loopback, me + 1, "11");
  process("41", "twcard-web", me + 1, "");
  const auto holder = holder_of(7777, path);
  BOOST_TEST((holder.kind == Kind::Other));
  BOOST_TEST(holder.program.empty());
}

BOOST_AUTO_TEST_CASE(a_hidden_program_of_this_user_that_is_not_twcard_web_is_another_one) {
  socket(loopback, me, "11");
  process("41", "other", me, "");
  BOOST_TEST((holder_of(7777, path).kind == Kind::Other));
}

BOOST_AUTO_TEST_CASE(a_socket_of_this_process_is_found_in_the_real_tables) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  BOOST_REQUIRE(::bind(descriptor, plain, size) == 0);
  BOOST_REQUIRE(::listen(descriptor, 1) == 0);
  BOOST_REQUIRE(::getsockname(descriptor, plain, &size) == 0);
  const auto holder = holder_of(ntohs(address.sin_port));
  ::close(descriptor);
  BOOST_TEST((holder.kind == Kind::Other));
  BOOST_TEST(holder.process == ::getpid());
  BOOST_TEST(holder.program == "cli_tests");
}

BOOST_AUTO_TEST_SUITE_END()
