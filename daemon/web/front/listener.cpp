#include "daemon/web/front/listener.hpp"

#include "daemon/web/front/connection.hpp"
#include "daemon/web/front/listener_state.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>

namespace twcard::web {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100}; // when the process is out of descriptors

[[noreturn]] void unusable(const std::filesystem::path& file, const std::string& why) {
  throw Error(Errc::BadRequest, file.string() + ": " + why);
}

void check_private(const std::filesystem::path& key) {
  struct stat facts {};
  if (::stat(key.c_str(), &facts) != 0) unusable(key, "cannot be read");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) unusable(key, "is not for this user alone (mode 0600)");
}

asio::ssl::context tls_of(const TlsFiles& files) {
  check_private(files.key);
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv3 |
                  asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  error_code failure;
  tls.use_certificate_chain_file(files.certificate.string(), failure);
  if (failure) unusable(files.certificate, "no certificate in PEM: " + failure.message());
  tls.use_private_key_file(files.key.string(), asio::ssl::context::pem, failure);
  if (failure) unusable(files.key, "no key in PEM of the certificate: " + failure.message());
  return tls;
}

asio::awaitable<void> accept(std::shared_ptr<ListenerState> listener, tcp::acceptor& acceptor) {
  while (acceptor.is_open()) {
    error_code failure;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure && listener->handshakes < Listener::max_handshakes) {
      socket.set_option(tcp::no_delay(true), failure);
      const auto connection = std::make_shared<Connection>(std::move(socket), listener);
      asio::co_spawn(acceptor.get_executor(), Connection::serve(connection), asio::detached);
    } else if (failure && acceptor.is_open()) {
      log::error("web", "accept: {}", failure.message());
      asio::steady_timer pause(acceptor.get_executor(), accept_pause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }
  }
}

} // namespace

Listener::Listener(std::vector<tcp::acceptor> sockets, ListenerOptions options, SessionFactory sessions)
    : m_state(std::make_shared<ListenerState>()) {
  m_state->sockets = std::move(sockets);
  m_state->options = std::move(options);
  m_state->sessions = std::move(sessions);
  m_state->port = m_state->sockets.front().local_endpoint().port();
  if (m_state->options.tls) m_state->tls = tls_of(*m_state->options.tls);
  for (auto& acceptor : m_state->sockets)
    asio::co_spawn(acceptor.get_executor(), accept(m_state, acceptor), asio::detached);
}

Listener::~Listener() {
  stop();
}

std::uint16_t Listener::port() const {
  return m_state->port;
}

void Listener::stop() noexcept {
  error_code ignored;
  for (auto& acceptor : m_state->sockets) acceptor.close(ignored);
  for (auto* connection : m_state->connections) connection->abort();
}

} // namespace twcard::web
