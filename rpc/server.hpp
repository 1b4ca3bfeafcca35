// Server end: accepts on a Unix socket, checks who calls (control C13), hands requests to a handler as coroutines.
//
// Requests of one connection may overlap; answers carry the request's id. When a connection ends, whatever its
// requests were waiting for is cancelled (the coroutine sees asio::error::operation_aborted); `cancel` does that to one
// request, which then has no answer.
#pragma once

#include "rpc/message.hpp"
#include "rpc/peer.hpp"

#include <any>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <memory>

namespace twcard::rpc {

// One connection. `state` is the handler's own.
class Session {
public:
  virtual ~Session() = default;
  [[nodiscard]] virtual const Peer& peer() const noexcept = 0;
  // Queued; dropped when the connection is gone. More than 256 queued end the connection: its reader is stuck.
  virtual void notify(Notification notification) = 0;
  std::any state;
};

class Handler {
public:
  virtual ~Handler() = default;
  virtual void opened(const std::shared_ptr<Session>& session) = 0;
  // Throws Error for the caller; any other exception is answered as `internal` and logged.
  virtual boost::asio::awaitable<Reply> handle(std::shared_ptr<Session> session, Request request) = 0;
  virtual void closed(const std::shared_ptr<Session>& session) = 0;
};

// A listening socket: the one that systemd passed (LISTEN_FDS), else a new one at `path` with mode 0600 in a folder
// prepared by prepare_socket_directory(). A socket file that nobody answers on is replaced; throws
// Error(ServiceUnavailable) when a running service answers on it.
[[nodiscard]] boost::asio::local::stream_protocol::acceptor listen_at(boost::asio::any_io_executor executor,
                                                                      const std::filesystem::path& path);

// How many connections may be open. One more gets an error and is closed; open connections are not touched, and the
// share of one process leaves room for the others.
struct ServerLimits {
  std::size_t connections = 128;
  std::size_t of_a_process = 128;
};

class Server final {
public:
  // `handler` outlives the server. At most 16 requests of a connection are under way.
  Server(boost::asio::local::stream_protocol::acceptor acceptor, Handler& handler, ServerLimits limits = {});
  ~Server();
  // Stops accepting and ends all connections.
  void stop() noexcept;
  [[nodiscard]] std::size_t connections() const noexcept;

private:
  struct State;
  std::shared_ptr<State> m_state;
};

} // namespace twcard::rpc
