#include "bench/tls_echo.hpp"

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::bench {

namespace {

int listening_socket(std::uint16_t& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listener, generic, size) != 0 || ::listen(listener, 1) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw std::runtime_error("no socket to listen at");
  port = ntohs(address.sin_port);
  return listener;
}

void serve(int listener, SSL_CTX* context, const std::string& answer) {
  const int socket = ::accept(listener, nullptr, nullptr);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  SSL* session = ::SSL_new(context);
  ::SSL_set_fd(session, socket);
  if (::SSL_accept(session) != 1) return;
  std::array<char, 1024> record{};
  while (::SSL_read(session, record.data(), record.size()) > 0)
    ::SSL_write(session, answer.data(), static_cast<int>(answer.size()));
}

} // namespace

TlsEcho::TlsEcho(const std::filesystem::path& certificate, const std::filesystem::path& key, std::string answer) {
  const int listener = listening_socket(m_port);
  m_process = ::fork();
  if (m_process < 0) throw std::runtime_error("no process for the server");
  if (m_process == 0) {
    SSL_CTX* context = ::SSL_CTX_new(::TLS_server_method());
    if (::SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) == 1 &&
        ::SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1)
      serve(listener, context, answer);
    ::_exit(0);
  }
  ::close(listener);
}

TlsEcho::~TlsEcho() {
  ::kill(m_process, SIGTERM);
  ::waitpid(m_process, nullptr, 0);
}

} // namespace twcard::bench
