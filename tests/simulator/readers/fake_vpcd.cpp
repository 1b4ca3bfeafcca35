#include "tests/simulator/readers/fake_vpcd.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace twcard::simulator::tests {

namespace {

constexpr int patience_ms = 20'000;

bool readable(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, patience_ms) == 1;
}

} // namespace

FakeVpcd::FakeVpcd() {
  listen();
}

FakeVpcd::~FakeVpcd() {
  close();
}

void FakeVpcd::listen() {
  m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(m_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  BOOST_REQUIRE(::bind(m_listener, generic, size) == 0);
  BOOST_REQUIRE(::listen(m_listener, 1) == 0);
  BOOST_REQUIRE(::getsockname(m_listener, generic, &size) == 0);
  m_port = ntohs(address.sin_port);
}

void FakeVpcd::accept() {
  BOOST_REQUIRE(readable(m_listener));
  m_socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
  BOOST_REQUIRE(m_socket >= 0);
}

void FakeVpcd::send(std::string_view octets) {
  const auto raw = *from_hex(octets);
  BOOST_REQUIRE(::send(m_socket, raw.data(), raw.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(raw.size()));
}

void FakeVpcd::tell(std::string_view body) {
  const auto size = body.size() / 2;
  send(to_hex(Bytes{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 0xFF)}));
  send(body);
}

Bytes FakeVpcd::read(std::size_t count) {
  Bytes octets;
  while (octets.size() < count) {
    Bytes part(count - octets.size());
    BOOST_REQUIRE(readable(m_socket));
    const auto got = ::recv(m_socket, part.data(), part.size(), 0);
    BOOST_REQUIRE(got > 0);
    octets.insert(octets.end(), part.begin(), part.begin() + got);
  }
  return octets;
}

std::string FakeVpcd::receive() {
  const auto length = read(2);
  return to_hex(read(static_cast<std::size_t>(length[0] << 8 | length[1])));
}

std::string FakeVpcd::ask(std::string_view body) {
  tell(body);
  return receive();
}

bool FakeVpcd::ended() {
  char octet = 0;
  return readable(m_socket) && ::recv(m_socket, &octet, 1, 0) <= 0;
}

void FakeVpcd::hang_up() {
  if (m_socket >= 0) ::close(std::exchange(m_socket, -1));
}

void FakeVpcd::close() {
  hang_up();
  if (m_listener >= 0) ::close(std::exchange(m_listener, -1));
}

} // namespace twcard::simulator::tests
