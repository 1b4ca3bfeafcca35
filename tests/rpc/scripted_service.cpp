#include "tests/rpc/scripted_service.hpp"

#include "rpc/server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace twcard::rpc::testing {

namespace asio = boost::asio;

void Journal::add(std::string line) {
  const std::lock_guard lock(m_mutex);
  m_lines.push_back(std::move(line));
  m_changed.notify_all();
}

bool Journal::wait_for(const std::string& line, int times) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, std::chrono::seconds(10),
                            [&] { return std::count(m_lines.begin(), m_lines.end(), line) >= times; });
}

namespace {

class ScriptedHandler final : public Handler {
public:
  ScriptedHandler(asio::io_context& context, Journal& journal)
      : m_release(context, asio::steady_timer::time_point::max()), m_journal(journal) {}

  void opened(const std::shared_ptr<Session>& session) override {
    session->state = std::string("of this connection");
    m_journal.add("opened");
  }

  void closed(const std::shared_ptr<Session>& session) override {
    m_journal.add("closed, state " + std::any_cast<std::string>(session->state));
  }

  asio::awaitable<Reply> handle(std::shared_ptr<Session> session, Request request) override {
    m_journal.add(request.method);
    if (request.method == "echo") co_return Reply{std::move(request.params), std::move(request.blob)};
    if (request.method == "wait") co_return co_await wait();
    if (request.method == "fail") throw Error(Errc::PinIncorrect, "the PIN was refused", 2);
    if (request.method == "crash") throw std::runtime_error("not an Error");
    if (request.method == "release") m_release.cancel();
    if (request.method == "notify") {
      const auto count = request.params.at("count").to_number<int>();
      for (int i = 1; i <= count; ++i) session->notify({"event", {{"number", i}}});
    }
    co_return Reply{};
  }

private:
  asio::awaitable<Reply> wait() {
    boost::system::error_code ended;
    co_await m_release.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      m_journal.add("wait cancelled");
      throw boost::system::system_error(ended);
    }
    co_return Reply{{{"released", true}}, {}};
  }

  asio::steady_timer m_release;
  Journal& m_journal;
};

} // namespace

struct ScriptedService::Impl {
  explicit Impl(ServerLimits its_limits) : limits(its_limits) {}

  ServerLimits limits;
  PrivateFolder folder;
  Journal journal;
  asio::io_context context;
  ScriptedHandler handler{context, journal};
  Server server{listen_at(context.get_executor(), folder.path() / "test.sock"), handler, limits};
  std::thread thread{[this] { context.run(); }};
};

ScriptedService::ScriptedService(ServerLimits limits) : m_impl(std::make_unique<Impl>(limits)) {}

ScriptedService::~ScriptedService() {
  stop();
}

void ScriptedService::stop() {
  if (!m_impl->thread.joinable()) return;
  asio::post(m_impl->context, [this] { m_impl->server.stop(); });
  m_impl->thread.join();
}

std::filesystem::path ScriptedService::socket() const {
  return m_impl->folder.path() / "test.sock";
}

Journal& ScriptedService::journal() {
  return m_impl->journal;
}

RawConnection::RawConnection(const std::filesystem::path& socket)
    : m_socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  BOOST_REQUIRE_EQUAL(::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const timeval limit{10, 0};
  BOOST_REQUIRE_EQUAL(::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
}

RawConnection::~RawConnection() {
  ::close(m_socket);
}

void RawConnection::send(ByteView octets) {
  const auto sent = ::send(m_socket, octets.data(), octets.size(), MSG_NOSIGNAL);
  BOOST_REQUIRE_EQUAL(sent, static_cast<ssize_t>(octets.size()));
}

void RawConnection::send_json(const std::string& json, std::uint32_t blob_size) {
  const FrameHeader header{static_cast<std::uint32_t>(json.size()), blob_size};
  send(header.encode());
  send(as_bytes(json));
}

Frame RawConnection::receive() {
  const auto read = [this](std::span<std::uint8_t> octets) {
    return octets.empty() ||
           ::recv(m_socket, octets.data(), octets.size(), MSG_WAITALL) == static_cast<ssize_t>(octets.size());
  };
  std::array<std::uint8_t, frame_header_size> octets{};
  if (!read(octets)) return {};
  const auto header = FrameHeader::decode(octets);
  Frame frame{std::string(header.json_size, '\0'), SecureBytes(header.blob_size)};
  if (!read({reinterpret_cast<std::uint8_t*>(frame.json.data()), frame.json.size()}) || !read(frame.blob.span()))
    return {};
  return frame;
}

} // namespace twcard::rpc::testing
