#include "rpc/async_client.hpp"

#include "driver/base/log.hpp"
#include "rpc/async_event.hpp"
#include "rpc/frame_stream.hpp"
#include "rpc/peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace twcard::rpc {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

// One call under way.
struct Waiting {
  explicit Waiting(const asio::any_io_executor& executor) : answered(executor) {}
  AsyncEvent answered;
  std::optional<std::variant<Reply, Error>> outcome;
};

} // namespace

struct AsyncClient::State : std::enable_shared_from_this<AsyncClient::State> {
  explicit State(asio::any_io_executor its_executor) : executor(std::move(its_executor)) {}

  asio::any_io_executor executor;
  std::shared_ptr<FrameStream> stream;
  std::map<std::uint64_t, std::shared_ptr<Waiting>> waiting;
  std::uint64_t next_id = 1;
  std::function<void(Notification)> notification_handler;

  void settle(std::uint64_t id, std::variant<Reply, Error> outcome) {
    const auto found = waiting.find(id);
    if (found == waiting.end()) return;
    found->second->outcome = std::move(outcome);
    found->second->answered.set();
    waiting.erase(found);
  }

  void close() noexcept {
    if (stream) stream->close();
  }

  void end(const Error& reason) {
    if (stream) stream->close();
    while (!waiting.empty()) settle(waiting.begin()->first, reason);
  }

  void take(std::variant<Response, Notification> incoming) {
    if (auto* notification = std::get_if<Notification>(&incoming)) {
      if (notification_handler) notification_handler(std::move(*notification));
      return;
    }
    auto& response = std::get<Response>(incoming);
    if (response.id != 0) {
      settle(response.id, std::move(response.outcome));
    } else if (const auto* error = std::get_if<Error>(&response.outcome)) {
      end(*error);
    }
  }

  static asio::awaitable<void> receive(std::shared_ptr<State> self) {
    const auto its_stream = self->stream;
    try {
      for (;;) {
        auto frame = co_await its_stream->read();
        self->take(parse_incoming(std::move(frame)));
      }
    } catch (const boost::system::system_error&) {
      // The connection has ended, by either side.
    } catch (const std::exception& exception) {
      log::error("rpc", "malformed reply from the service: {}", exception.what());
    }
    self->end(Error(Errc::ServiceUnavailable, "the service ended the connection"));
  }
};

AsyncClient::AsyncClient(asio::any_io_executor executor) : m_state(std::make_shared<State>(std::move(executor))) {}

AsyncClient::~AsyncClient() {
  m_state->notification_handler = nullptr;
  close();
}

asio::awaitable<void> AsyncClient::connect(std::filesystem::path path) {
  const auto state = m_state;
  stream_protocol::socket socket(state->executor);
  boost::system::error_code failure;
  stream_protocol::endpoint endpoint;
  try {
    endpoint = stream_protocol::endpoint(path.string());
  } catch (const boost::system::system_error& error) {
    throw Error(Errc::ServiceUnavailable, path.string() + ": " + error.code().message());
  }
  co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
  if (failure) throw Error(Errc::ServiceUnavailable, path.string() + ": " + failure.message());
  if (!peer_of(socket.native_handle()).is_this_user())
    throw Error(Errc::ServiceUnavailable, path.string() + ": another user's process listens there");
  state->stream = std::make_shared<FrameStream>(std::move(socket));
  asio::co_spawn(state->executor, State::receive(state), asio::detached);
}

asio::awaitable<Reply> AsyncClient::call(std::string method, boost::json::object params, SecureBytes blob) {
  const auto state = m_state;
  if (!connected()) throw Error(Errc::ServiceUnavailable, "not connected to the service");
  const auto id = state->next_id++;
  auto frame = to_frame(Request{id, std::move(method), std::move(params), std::move(blob)});
  const auto waiting = std::make_shared<Waiting>(state->executor);
  state->waiting.emplace(id, waiting);
  state->stream->send(std::move(frame));

  try {
    co_await waiting->answered.wait();
  } catch (const boost::system::system_error&) {
    state->waiting.erase(id);
    state->stream->send(to_frame(Request{state->next_id++, "cancel", {{"request", id}}, {}}));
    throw;
  }
  if (const auto* error = std::get_if<Error>(&*waiting->outcome)) throw Error(*error);
  co_return std::move(std::get<Reply>(*waiting->outcome));
}

void AsyncClient::on_notification(std::function<void(Notification)> handler) {
  m_state->notification_handler = std::move(handler);
}

bool AsyncClient::connected() const noexcept {
  return m_state->stream && m_state->stream->is_open();
}

void AsyncClient::close() noexcept {
  m_state->close();
}

asio::awaitable<Reply> call_once(std::filesystem::path socket, std::chrono::seconds limit, std::string method,
                                 boost::json::object params, SecureBytes blob) {
  const auto executor = co_await asio::this_coro::executor;
  const auto client = std::make_shared<AsyncClient>(executor);
  asio::steady_timer timer(executor, limit);
  // Its own: the handler of a timer that has ended may run when the answer is here and this coroutine gone.
  const auto passed = std::make_shared<bool>(false);
  co_await client->connect(std::move(socket));
  timer.async_wait([client, passed](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    *passed = true;
    client->close();
  });
  try {
    co_return co_await client->call(std::move(method), std::move(params), std::move(blob));
  } catch (const Error&) {
    if (*passed) throw Error(Errc::Timeout, fmt::format("no answer within {} s", limit.count()));
    throw;
  }
}

} // namespace twcard::rpc
