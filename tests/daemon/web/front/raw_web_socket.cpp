#include "tests/daemon/web/front/raw_web_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace twcard::web {

namespace {

constexpr const char* mask = "\x11\x22\x33\x44";

std::string big_endian(std::uint64_t value, int octets) {
  std::string text;
  for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

} // namespace

struct RawWebSocket::Tls {
  // One for all connections, as in a browser.
  static SSL_CTX* context() {
    static const std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> made(::SSL_CTX_new(::TLS_client_method()),
                                                                          ::SSL_CTX_free);
    return made.get();
  }
  std::unique_ptr<SSL, decltype(&::SSL_free)> session{::SSL_new(context()), ::SSL_free};
};

unsigned Frame::close_code() const {
  if (opcode != 8 || payload.size() < 2) return 0;
  return static_cast<unsigned>(static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]));
}

RawWebSocket::RawWebSocket(std::uint16_t port, bool ipv6) : m_port(port), m_ipv6(ipv6) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = in6addr_loopback;
  m_socket = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit = {10, 0};
  ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto* address = ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (::connect(m_socket, address, ipv6 ? sizeof v6 : sizeof v4) != 0) {
    ::close(m_socket);
    throw std::runtime_error("nobody listens");
  }
}

RawWebSocket::~RawWebSocket() {
  close();
}

void RawWebSocket::close() {
  m_tls.reset();
  if (m_socket >= 0) ::close(m_socket);
  m_socket = -1;
}

void RawWebSocket::drop() {
  const linger at_once = {1, 0};
  ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void RawWebSocket::start_tls() {
  auto tls = std::make_unique<Tls>();
  ::SSL_set_fd(tls->session.get(), m_socket);
  if (::SSL_connect(tls->session.get()) != 1) throw std::runtime_error("no TLS");
  m_tls = std::move(tls);
}

void RawWebSocket::send(const std::string& octets) const {
  if (!m_tls) return send_in_clear(octets);
  // One call, one record.
  static_cast<void>(::SSL_write(m_tls->session.get(), octets.data(), static_cast<int>(octets.size())));
}

void RawWebSocket::send_in_clear(const std::string& octets) const {
  static_cast<void>(::send(m_socket, octets.data(), octets.size(), MSG_NOSIGNAL));
}

bool RawWebSocket::read_exactly(std::size_t count, std::string& octets) {
  octets.assign(count, '\0');
  for (std::size_t done = 0; done < count;) {
    auto* into = octets.data() + done;
    const auto got = m_tls ? ::SSL_read(m_tls->session.get(), into, static_cast<int>(count - done))
                           : ::recv(m_socket, into, count - done, 0);
    if (got < 0 && errno == EAGAIN) throw std::runtime_error("nothing came for 10 s");
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

unsigned RawWebSocket::request(const std::string& request_line, const std::vector<Header>& headers,
                               const std::string& body) {
  std::string text = request_line + "\r\n";
  for (const auto& header : headers) text += header.name + ": " + header.value + "\r\n";
  send(text + "\r\n" + body);
  m_head.clear();
  for (std::string octet; !m_head.ends_with("\r\n\r\n");) {
    if (!read_exactly(1, octet)) return 0;
    m_head += octet;
  }
  return static_cast<unsigned>(std::stoul(m_head.substr(9, 3)));
}

unsigned RawWebSocket::open(const std::string& origin) {
  return request("GET / HTTP/1.1",
                 browser_headers((m_ipv6 ? "[::1]:" : "127.0.0.1:") + std::to_string(m_port), origin));
}

void RawWebSocket::send_frame(unsigned opcode, const std::string& payload, bool last) const {
  send(client_frame(opcode, payload, last));
}

Frame RawWebSocket::receive() {
  for (;;) {
    Frame frame;
    std::string octets;
    if (!read_exactly(2, octets)) return {0, {}, true};
    frame.opcode = static_cast<unsigned>(octets[0]) & 15U;
    std::size_t size = static_cast<unsigned>(octets[1]) & 127U;
    if (size == 126) {
      if (!read_exactly(2, octets)) return {0, {}, true};
      size = static_cast<std::size_t>(static_cast<std::uint8_t>(octets[0]) << 8 | static_cast<std::uint8_t>(octets[1]));
    }
    if (!read_exactly(size, frame.payload)) return {0, {}, true};
    if (frame.opcode != 9) return frame;
  }
}

std::string RawWebSocket::receive_text() {
  auto frame = receive();
  if (frame.ended || frame.opcode != 1) throw std::runtime_error("no text message came");
  return std::move(frame.payload);
}

std::string RawWebSocket::receive_all() {
  std::string all;
  for (std::string octet; read_exactly(1, octet);) all += octet;
  return all;
}

std::string RawWebSocket::answer_header(const std::string& name) const {
  const auto at = m_head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 4;
  return m_head.substr(start, m_head.find("\r\n", start) - start);
}

std::string client_frame(unsigned opcode, const std::string& payload, bool last) {
  std::string frame(1, static_cast<char>((last ? 0x80U : 0U) | opcode));
  if (payload.size() < 126)
    frame += static_cast<char>(0x80U | payload.size());
  else if (payload.size() < 65536)
    frame += static_cast<char>(0xFEU) + big_endian(payload.size(), 2);
  else
    frame += static_cast<char>(0xFFU) + big_endian(payload.size(), 8);
  frame.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

std::vector<Header> browser_headers(const std::string& host, const std::string& origin) {
  return {{"Host", host},
          {"Connection", "keep-alive, Upgrade"},
          {"Pragma", "no-cache"},
          {"Upgrade", "websocket"},
          {"Origin", origin},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Extensions", "permessage-deflate"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"Sec-WebSocket-Protocol", "twcard.v1"}};
}

} // namespace twcard::web
