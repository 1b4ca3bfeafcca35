#include "daemon/web/front/loopback_sockets.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "rpc/passed_sockets.hpp"

#include <string>
#include <sys/socket.h>

namespace twcard::web {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr int max_passed_sockets = 2;
constexpr int port_attempts = 16;

tcp::acceptor take_passed(const asio::any_io_executor& executor, int index) {
  auto [descriptor, family] = rpc::passed_socket(index);
  if (family != AF_INET && family != AF_INET6)
    throw Error(Errc::ServiceUnavailable, "socket activation passed something else than a listening TCP socket");
  tcp::acceptor acceptor(executor, family == AF_INET ? tcp::v4() : tcp::v6(), descriptor.release());
  if (!acceptor.local_endpoint().address().is_loopback())
    throw Error(Errc::ServiceUnavailable, "socket activation passed a socket that is not on loopback");
  return acceptor;
}

tcp::acceptor bind(const asio::any_io_executor& executor, const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(executor, endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen();
  return acceptor;
}

bool means_no_ipv6(const boost::system::error_code& failure) {
  return failure == asio::error::address_family_not_supported ||
         failure == boost::system::errc::make_error_code(boost::system::errc::address_not_available);
}

std::vector<tcp::acceptor> bind_both(const asio::any_io_executor& executor, std::uint16_t port) {
  std::vector<tcp::acceptor> sockets;
  sockets.push_back(bind(executor, {asio::ip::address_v4::loopback(), port}));
  const auto bound_port = sockets.front().local_endpoint().port();
  try {
    sockets.push_back(bind(executor, {asio::ip::address_v6::loopback(), bound_port}));
  } catch (const boost::system::system_error& error) {
    if (!means_no_ipv6(error.code())) throw;
    log::warning("web", "no IPv6 on this machine: listening at 127.0.0.1 only");
  }
  return sockets;
}

} // namespace

std::vector<tcp::acceptor> loopback_sockets(const asio::any_io_executor& executor, std::uint16_t port) {
  if (const int count = rpc::count_passed_sockets().value_or(0); count != 0) {
    if (count > max_passed_sockets)
      throw Error(Errc::ServiceUnavailable, "socket activation has to pass the sockets of 127.0.0.1 and [::1]");
    std::vector<tcp::acceptor> sockets;
    for (int i = 0; i < count; ++i) sockets.push_back(take_passed(executor, i));
    if (sockets.front().local_endpoint().port() != sockets.back().local_endpoint().port())
      throw Error(Errc::ServiceUnavailable, "socket activation passed sockets of two ports");
    return sockets;
  }
  return bound_sockets(executor, port);
}

std::vector<tcp::acceptor> bound_sockets(const asio::any_io_executor& executor, std::uint16_t port) {
  for (int attempt = 1;; ++attempt) {
    try {
      return bind_both(executor, port);
    } catch (const boost::system::system_error& error) {
      // A port that was free at 127.0.0.1 may be taken at [::1]: the next one is as good.
      if (port != 0 || attempt == port_attempts)
        throw Error(Errc::ServiceUnavailable, "port " + std::to_string(port) + ": " + error.code().message());
    }
  }
}

} // namespace twcard::web
