#include "rpc/server.hpp"

#include "driver/base/descriptor.hpp"
#include "driver/base/log.hpp"
#include "rpc/frame_stream.hpp"
#include "rpc/params.hpp"
#include "rpc/passed_sockets.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <map>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace twcard::rpc {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

constexpr std::size_t max_under_way = 16;
constexpr std::chrono::milliseconds accept_pause{100}; // when the process is out of descriptors

// Not open when systemd did not start this process.
Descriptor passed_unix_socket() {
  const auto count = count_passed_sockets();
  if (!count) return {};
  if (*count != 1) throw Error(Errc::ServiceUnavailable, "socket activation has to pass exactly one socket");
  auto passed = passed_socket(0);
  if (passed.family != AF_UNIX)
    throw Error(Errc::ServiceUnavailable, "socket activation passed something else than a listening Unix socket");
  return std::move(passed.descriptor);
}

// Held while the socket is looked at and made, so that two services that start together do not replace each other's.
Descriptor start_lock(const std::string& socket) {
  auto lock = hold_lock_file(socket + ".lock");
  if (!lock.is_open()) throw Error(Errc::ServiceUnavailable, "cannot lock " + socket + ".lock");
  return lock;
}

void remove_if_nobody_answers(const asio::any_io_executor& executor, const stream_protocol::endpoint& endpoint) {
  stream_protocol::socket probe(executor);
  boost::system::error_code failure;
  probe.connect(endpoint, failure);
  if (!failure || failure == asio::error::try_again)
    throw Error(Errc::ServiceUnavailable, endpoint.path() + ": a running service answers there already");
  struct stat status {};
  if (::lstat(endpoint.path().c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode))
    throw Error(Errc::ServiceUnavailable, endpoint.path() + ": something else than a socket is in the way");
  ::unlink(endpoint.path().c_str());
}

stream_protocol::endpoint endpoint_of(const std::filesystem::path& path) {
  try {
    return {std::filesystem::absolute(path).string()};
  } catch (const boost::system::system_error& error) {
    throw Error(Errc::ServiceUnavailable, path.string() + ": " + error.code().message());
  }
}

} // namespace

stream_protocol::acceptor listen_at(asio::any_io_executor executor, const std::filesystem::path& path) {
  if (auto passed = passed_unix_socket(); passed.is_open()) return {executor, stream_protocol(), passed.release()};

  const auto endpoint = endpoint_of(path);
  prepare_socket_directory(path);
  const auto lock = start_lock(endpoint.path());
  remove_if_nobody_answers(executor, endpoint);
  try {
    stream_protocol::acceptor acceptor(executor);
    acceptor.open();
    acceptor.bind(endpoint);
    if (::chmod(endpoint.path().c_str(), 0600) != 0)
      throw Error(Errc::ServiceUnavailable, endpoint.path() + ": cannot set mode 0600");
    acceptor.listen();
    return acceptor;
  } catch (const boost::system::system_error& error) {
    throw Error(Errc::ServiceUnavailable, endpoint.path() + ": " + error.code().message());
  }
}

namespace {

class Connection final : public Session, public std::enable_shared_from_this<Connection> {
public:
  Connection(stream_protocol::socket socket, const Peer& peer, Handler& handler)
      : m_stream(std::make_shared<FrameStream>(std::move(socket))), m_peer(peer), m_handler(handler) {}

  [[nodiscard]] const Peer& peer() const noexcept override { return m_peer; }

  void notify(Notification notification) override {
    if (m_stream->is_open()) m_stream->send(to_frame(notification));
  }

  void close() noexcept { m_stream->close(); }

  // Until the connection ends.
  asio::awaitable<void> serve() {
    const auto self = shared_from_this();
    m_handler.opened(self);
    try {
      for (;;) {
        auto frame = co_await m_stream->read();
        start(parse_request(std::move(frame)));
      }
    } catch (const boost::system::system_error&) {
      // The other side has gone, or close() was called.
    } catch (const Error& error) {
      m_stream->close_with(to_frame(0, error));
    } catch (const std::bad_alloc&) {
      m_stream->close_with(to_frame(0, Error(Errc::Internal, "out of memory that can be locked")));
    }
    m_stream->close();
    cancel_where([](const UnderWay&) { return true; });
    m_handler.closed(self);
  }

private:
  struct UnderWay {
    std::uint64_t id = 0; // the caller's
    bool cancelled = false;
    asio::cancellation_signal signal;
  };

  void start(Request request) {
    if (request.method == "cancel") return cancel(request);
    if (m_under_way.size() >= max_under_way) {
      m_stream->send(to_frame(request.id, Error(Errc::BadRequest, "16 requests of this connection are under way")));
      return;
    }
    const auto key = m_next_key++;
    const auto its_work = std::make_shared<UnderWay>();
    its_work->id = request.id;
    m_under_way.emplace(key, its_work);
    asio::co_spawn(
        m_stream->socket().get_executor(), answer(shared_from_this(), its_work, std::move(request)),
        asio::bind_cancellation_slot(its_work->signal.slot(), [self = shared_from_this(), key](std::exception_ptr) {
          self->m_under_way.erase(key);
        }));
  }

  static asio::awaitable<void> answer(std::shared_ptr<Connection> self, std::shared_ptr<const UnderWay> its_work,
                                      Request request) {
    const auto id = request.id;
    const auto method = request.method.substr(0, 40);
    std::optional<Frame> frame;
    try {
      auto reply = co_await self->m_handler.handle(self, std::move(request));
      frame = to_frame(id, std::move(reply));
    } catch (const Error& error) {
      frame = to_frame(id, error);
    } catch (const std::exception& exception) {
      if (its_work->cancelled) co_return; // nobody waits for the answer
      log::error("rpc", "{}: {}", method, exception.what());
      frame = to_frame(id, Error(Errc::Internal, "unexpected fault; the log of the service has more"));
    }
    if (!its_work->cancelled) self->m_stream->send(std::move(*frame));
  }

  void cancel(const Request& request) {
    try {
      only_members(request.params, {"request"});
      const auto id = required_number(request.params, "request", 1, std::numeric_limits<std::int64_t>::max());
      cancel_where([id](const UnderWay& work) { return std::cmp_equal(work.id, id); });
      m_stream->send(to_frame(request.id, Reply{}));
    } catch (const Error& error) {
      m_stream->send(to_frame(request.id, error));
    }
  }

  template <typename Meant>
  void cancel_where(Meant meant) {
    // A cancelled request may take itself out of the map at once.
    const auto under_way = m_under_way;
    for (const auto& [key, work] : under_way) {
      if (!meant(*work)) continue;
      work->cancelled = true;
      work->signal.emit(asio::cancellation_type::terminal);
    }
  }

  std::shared_ptr<FrameStream> m_stream;
  Peer m_peer;
  Handler& m_handler;
  std::uint64_t m_next_key = 0;
  std::map<std::uint64_t, std::shared_ptr<UnderWay>> m_under_way;
};

} // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(stream_protocol::acceptor its_acceptor, Handler& its_handler, ServerLimits its_limits)
      : acceptor(std::move(its_acceptor)), handler(its_handler), limits(its_limits) {}

  stream_protocol::acceptor acceptor;
  Handler& handler;
  const ServerLimits limits;
  std::map<const Connection*, std::shared_ptr<Connection>> connections;

  static asio::awaitable<void> accept(std::shared_ptr<State> self) {
    for (;;) {
      boost::system::error_code failure;
      auto socket = co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
      // Closing the acceptor does not undo an accept that was through already.
      if (!self->acceptor.is_open()) co_return;
      if (!failure) {
        self->take(std::move(socket));
      } else {
        log::error("rpc", "accept: {}", failure.message());
        asio::steady_timer pause(self->acceptor.get_executor(), accept_pause);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
      }
    }
  }

  [[nodiscard]] std::optional<std::string> refusal_of(const Peer& peer) const {
    if (connections.size() >= limits.connections)
      return std::to_string(limits.connections) + " connections are open, which is the limit";
    const auto own = std::ranges::count_if(
        connections, [&peer](const auto& connection) { return connection.first->peer().pid == peer.pid; });
    if (std::cmp_greater_equal(own, limits.of_a_process))
      return std::to_string(limits.of_a_process) + " connections of this process are open, which is its share";
    return std::nullopt;
  }

  void take(stream_protocol::socket socket) {
    Peer peer;
    try {
      peer = peer_of(socket.native_handle());
    } catch (const Error& error) {
      log::warning("rpc", "caller refused: {}", error.what());
      return;
    }
    if (!peer.is_this_user()) {
      log::warning("rpc", "caller refused: process {} of user {}", peer.pid, peer.uid);
      return;
    }
    if (const auto refusal = refusal_of(peer)) {
      const auto stream = std::make_shared<FrameStream>(std::move(socket));
      stream->close_with(to_frame(0, Error(Errc::ServiceUnavailable, *refusal)));
      return;
    }
    const auto connection = std::make_shared<Connection>(std::move(socket), peer, handler);
    connections.emplace(connection.get(), connection);
    asio::co_spawn(acceptor.get_executor(), connection->serve(),
                   [self = shared_from_this(), connection](std::exception_ptr failure) {
                     self->connections.erase(connection.get());
                     if (failure) log::error("rpc", "a connection ended by an unexpected fault");
                   });
  }
};

Server::Server(stream_protocol::acceptor acceptor, Handler& handler, ServerLimits limits)
    : m_state(std::make_shared<State>(std::move(acceptor), handler, limits)) {
  asio::co_spawn(m_state->acceptor.get_executor(), State::accept(m_state), asio::detached);
}

Server::~Server() {
  stop();
}

void Server::stop() noexcept {
  boost::system::error_code ignored;
  m_state->acceptor.close(ignored);
  for (const auto& [key, connection] : m_state->connections) connection->close();
}

std::size_t Server::connections() const noexcept {
  return m_state->connections.size();
}

} // namespace twcard::rpc
