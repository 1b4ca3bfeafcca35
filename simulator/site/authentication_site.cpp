#include "simulator/site/authentication_site.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "simulator/crypto/crypto.hpp"
#include "simulator/site/conversation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

namespace twcard::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// What the site does on all connections.
struct Site {
  SiteOptions options;
  SiteKey signing_key;
  std::string words; // of the behaviour file
  SiteBehaviour behaviour;
  std::uint64_t connections = 0;

  // The behaviour for one more connection, whose number is `connections` then.
  SiteBehaviour next() {
    std::ifstream file(options.behaviour_file);
    std::string now{std::istreambuf_iterator<char>(file), {}};
    if (now != words) {
      try {
        behaviour = behaviour_of(now);
      } catch (const Error& error) {
        log::error("site", "{}", error.what());
      }
      words = std::move(now);
      connections = 0;
    }
    ++connections;
    return behaviour;
  }
};

asio::awaitable<void> send_without_end(tcp::socket& socket) {
  const Bytes octets(4096, 'x');
  for (;;) static_cast<void>(co_await asio::async_write(socket, asio::buffer(octets), asio::use_awaitable));
}

asio::awaitable<void> converse(tcp::socket socket, std::shared_ptr<Site> site) {
  const auto behaviour = site->next();
  const auto connection = site->connections;
  SiteConversation conversation(site->signing_key);
  Bytes received;
  std::array<std::uint8_t, 4096> some{};
  for (;;) {
    const auto count = co_await socket.async_read_some(asio::buffer(some), asio::use_awaitable);
    received.insert(received.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
    while (const auto asked = conversation.take(received)) {
      const auto delay = behaviour.delay_of(*asked, connection);
      if (delay.count() > 0) {
        asio::steady_timer timer(socket.get_executor(), delay);
        co_await timer.async_wait(asio::use_awaitable);
      }
      const auto fault = behaviour.fault_of(*asked, connection);
      const auto answer = conversation.answer(*asked, fault);
      if (fault == SiteFault::Endless) co_await send_without_end(socket);
      if (!answer.octets.empty())
        static_cast<void>(co_await asio::async_write(socket, asio::buffer(answer.octets), asio::use_awaitable));
      if (answer.last) co_return;
    }
  }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, std::shared_ptr<Site> site) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    // What a conversation ends with is the client's business.
    asio::co_spawn(acceptor.get_executor(), converse(std::move(socket), site), asio::detached);
  }
}

tcp::acceptor listening(asio::io_context& context, std::uint16_t port) {
  try {
    return {context, tcp::endpoint(asio::ip::address_v4::loopback(), port)};
  } catch (const boost::system::system_error& failure) {
    throw Error(Errc::BadRequest, "port: " + failure.code().message());
  }
}

} // namespace

void serve_site(const SiteOptions& options) {
  asio::io_context context(1);
  auto acceptor = listening(context, options.port);
  const auto site = std::make_shared<Site>(Site{options, {}, {}, {}, 0});
  if (!options.key_out.empty()) {
    std::ofstream file(options.key_out);
    if (!(file << site->signing_key.public_pem()))
      throw Error(Errc::BadRequest, options.key_out.string() + ": cannot be written");
  }
  asio::signal_set stop_signals(context, SIGINT, SIGTERM);
  stop_signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
  asio::co_spawn(context, accept_all(acceptor, site), asio::detached);
  std::cout << acceptor.local_endpoint().port() << std::endl;
  context.run();
}

} // namespace twcard::simulator
