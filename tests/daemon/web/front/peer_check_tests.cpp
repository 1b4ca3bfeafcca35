#include "daemon/web/front/peer_check.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace twcard::web {

namespace {

namespace fs = std::filesystem;

constexpr const char* heading =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

class Tables final {
public:
  Tables() {
    std::string name = (fs::temp_directory_path() / "twcard-tables-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder = name;
    write("tcp", "");
    write("tcp6", "");
  }
  ~Tables() { fs::remove_all(folder); }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
  void write(const char* table, const std::string& lines) const { std::ofstream(folder / table) << heading << lines; }
  fs::path folder;
};

TcpEnd v4(const char* address, std::uint16_t port) {
  TcpEnd end{{}, port};
  end.address[10] = end.address[11] = 0xFF;
  ::inet_pton(AF_INET, address, end.address.data() + 12);
  return end;
}

TcpEnd v6(const char* address, std::uint16_t port) {
  TcpEnd end{{}, port};
  ::inet_pton(AF_INET6, address, end.address.data());
  return end;
}

// Ends of a socket pair over loopback, as the kernel names them.
struct LoopbackPair {
  explicit LoopbackPair(int family) {
    sockaddr_storage address{};
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    address.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET)
      reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
      reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    listening = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BOOST_REQUIRE(::bind(listening, name, size) == 0);
    BOOST_REQUIRE(::listen(listening, 1) == 0);
    ::getsockname(listening, name, &size);
    client = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BOOST_REQUIRE(::connect(client, name, size) == 0);
    accepted = ::accept(listening, nullptr, nullptr);
    server_end = end_of(address);
    ::getsockname(client, name, &size);
    client_end = end_of(address);
  }
  ~LoopbackPair() {
    for (const int descriptor : {listening, client, accepted}) ::close(descriptor);
  }
  static TcpEnd end_of(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET)
      return v4("127.0.0.1", ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port));
    return v6("::1", ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port));
  }
  int listening = -1;
  int client = -1;
  int accepted = -1;
  TcpEnd client_end;
  TcpEnd server_end;
};

const TcpEnd client = v4("127.0.0.1", 0xC001);
const TcpEnd server = v4("127.0.0.1", 25120); // 6220

} // namespace

BOOST_AUTO_TEST_SUITE(peer_check)

BOOST_AUTO_TEST_CASE(the_kernel_names_this_user_for_a_connection_of_this_process) {
  for (const int family : {AF_INET, AF_INET6}) {
    const LoopbackPair pair(family);
    BOOST_TEST(user_of_connection(pair.client_end, pair.server_end).value() == ::geteuid());
    TcpEnd other = pair.client_end;
    ++other.port;
    BOOST_TEST(!user_of_connection(other, pair.server_end).has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_user_is_that_of_the_clients_own_line) {
  const Tables tables;
  tables.write("tcp",
               "   0: 0100007F:6220 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1\n"
               "   1: 0100007F:6220 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 2 1\n"
               "   2: 0100007F:C001 0100007F:6220 01 00000000:00000000 00:00000000 00000000  1234        0 3 1\n");
  BOOST_TEST(user_of_connection(client, server, tables.folder).value() == 1234U);
}

BOOST_AUTO_TEST_CASE(an_ipv6_socket_that_speaks_ipv4_is_found_in_the_other_table) {
  const Tables tables;
  tables.write("tcp6",
               "   0: 0000000000000000FFFF00000100007F:C001 0000000000000000FFFF00000100007F:6220 01 00000000:0000000"
               "0 00:00000000 00000000  1234        0 3 1\n");
  BOOST_TEST(user_of_connection(client, server, tables.folder).value() == 1234U);
  tables.write("tcp6",
               "   0: 00000000000000000000000001000000:C001 00000000000000000000000001000000:6220 01 00000000:0000000"
               "0 00:00000000 00000000  77        0 3 1\n");
  BOOST_TEST(user_of_connection(v6("::1", 0xC001), v6("::1", 25120), tables.folder).value() == 77U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_established_any_more_has_no_user) {
  const Tables tables;
  // TIME_WAIT, for which the kernel says user 0.
  tables.write("tcp",
               "   0: 0100007F:C001 0100007F:6220 06 00000000:00000000 00:00000000 00000000     0        0 0 3\n");
  BOOST_TEST(!user_of_connection(client, server, tables.folder).has_value());
}

BOOST_AUTO_TEST_CASE(damaged_lines_and_missing_tables_have_no_user) {
  const Tables tables;
  const std::string good = "0100007F:C001 0100007F:6220 01 00000000:00000000 00:00000000 00000000 1000 0 3 1\n";
  for (const std::string& line : {std::string("\n"), std::string("   0:"), std::string("   0: 0100007F:C001\n"),
                                  std::string("   0: 0100007F 0100007F:6220 01 0 0 0 1000\n"),
                                  std::string("   0: 0100007G:C001 0100007F:6220 01 0 0 0 1000\n"),
                                  std::string("   0: 0100007F:1C001 0100007F:6220 01 0 0 0 1000\n"),
                                  std::string("   0: 0100007F:C001 0100007F:6220 01 0 0 0 -1\n"),
                                  std::string("   0: 0100007F:C001 0100007F:6220 01 0 0 0 99999999999\n"),
                                  std::string("   0: 0100007F:C001 0100007F:6220 01 0 0 0 10x\n"),
                                  std::string("   0: ") + std::string(100'000, 'F') + "\n"}) {
    tables.write("tcp", line);
    BOOST_TEST_CONTEXT(line.substr(0, 80)) BOOST_TEST(!user_of_connection(client, server, tables.folder).has_value());
    tables.write("tcp", line + "   1: " + good);
    BOOST_TEST(user_of_connection(client, server, tables.folder).has_value() == (line.back() == '\n'));
  }
  BOOST_TEST(!user_of_connection(client, server, "/nonexistent").has_value());
}

BOOST_AUTO_TEST_CASE(a_table_is_not_read_for_ever) {
  const Tables tables;
  std::string many;
  for (int i = 0; i < 65'536; ++i) many += "   0: 00000000:0001 00000000:0002 01 0 0 0 1000 0\n";
  tables.write("tcp", many + "   1: 0100007F:C001 0100007F:6220 01 0 0 0 1000 0\n");
  BOOST_TEST(!user_of_connection(client, server, tables.folder).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
