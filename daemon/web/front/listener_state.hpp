// What the connections of one listener share.
#pragma once

#include "daemon/web/front/connection_limits.hpp"
#include "daemon/web/front/listener.hpp"
#include "daemon/web/front/turned_away.hpp"

#include <boost/asio/ssl/context.hpp>
#include <set>

namespace twcard::web {

class Connection;

struct ListenerState {
  std::vector<boost::asio::ip::tcp::acceptor> sockets;
  ListenerOptions options;
  SessionFactory sessions;
  std::uint16_t port = 0;
  std::optional<boost::asio::ssl::context> tls;
  ConnectionLimits limits;
  TurnedAway turned_away;
  std::size_t handshakes = 0; // connections whose request is not read yet
  std::set<Connection*> connections;
};

} // namespace twcard::web
