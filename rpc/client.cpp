#include "rpc/client.hpp"

#include "rpc/peer.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <system_error>
#include <utility>

namespace twcard::rpc {

namespace {

using Clock = std::chrono::steady_clock;
using Deadline = std::optional<Clock::time_point>;

// What has begun to arrive is small and local: a service that stops in the middle of a frame is a broken one.
constexpr std::chrono::seconds frame_limit{10};

[[noreturn]] void throw_gone(std::string_view what) {
  throw Error(Errc::ServiceUnavailable, fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

// False when the deadline passed first.
bool wait_for(int socket, short events, Deadline deadline) {
  for (;;) {
    int limit = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      if (left <= 0) return false;
      limit = static_cast<int>(std::min<std::int64_t>(left, 1'000'000));
    }
    pollfd descriptor{socket, events, 0};
    const int ready = ::poll(&descriptor, 1, limit);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw_gone("poll");
  }
}

void wait_or_throw(int socket, short events, Deadline deadline) {
  if (!wait_for(socket, events, deadline)) throw Error(Errc::Timeout, "no answer from the service");
}

void receive_exactly(int socket, std::span<std::uint8_t> octets, Deadline deadline) {
  while (!octets.empty()) {
    const auto count = ::recv(socket, octets.data(), octets.size(), MSG_DONTWAIT);
    if (count > 0) {
      octets = octets.subspan(static_cast<std::size_t>(count));
    } else if (count == 0) {
      throw Error(Errc::ServiceUnavailable, "the service ended the connection");
    } else if (errno == EAGAIN || errno == EINTR) {
      wait_or_throw(socket, POLLIN, deadline);
    } else {
      throw_gone("receive");
    }
  }
}

Frame receive_frame(int socket, Deadline deadline) {
  std::array<std::uint8_t, frame_header_size> octets{};
  receive_exactly(socket, octets, deadline);
  const auto header = FrameHeader::decode(octets);
  Frame frame{std::string(header.json_size, '\0'), SecureBytes(header.blob_size)};
  receive_exactly(socket, {reinterpret_cast<std::uint8_t*>(frame.json.data()), frame.json.size()}, deadline);
  receive_exactly(socket, frame.blob.span(), deadline);
  return frame;
}

void send_all(int socket, ByteView octets, Deadline deadline) {
  while (!octets.empty()) {
    const auto count = ::send(socket, octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      octets = octets.subspan(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EINTR) {
      wait_or_throw(socket, POLLOUT, deadline);
    } else {
      throw_gone("send");
    }
  }
}

void send_frame(int socket, const Frame& frame, Deadline deadline) {
  // Header and JSON in one write; the blob from its own locked memory.
  std::string head;
  head.reserve(frame_header_size + frame.json.size());
  for (const auto octet : frame.header().encode()) head += static_cast<char>(octet);
  head += frame.json;
  send_all(socket, as_bytes(head), deadline);
  send_all(socket, frame.blob.view(), deadline);
}

} // namespace

Client Client::connect(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = path.string();
  if (name.size() >= sizeof address.sun_path)
    throw Error(Errc::ServiceUnavailable, fmt::format("the socket path {} is too long", name));
  std::memcpy(address.sun_path, name.data(), name.size());

  Client client(Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  if (!client.m_socket.is_open()) throw_gone("socket");
  if (::connect(client.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw_gone(name);
  if (!peer_of(client.descriptor()).is_this_user())
    throw Error(Errc::ServiceUnavailable, fmt::format("{}: another user's process listens there", name));
  return client;
}

Response Client::exchange(const Frame& request, std::chrono::steady_clock::time_point deadline) {
  try {
    send_frame(m_socket.get(), request, deadline);
  } catch (const Error& error) {
    // A service that refuses the connection says why before it ends it: that answer may be there to be read.
    if (error.code() != Errc::ServiceUnavailable) throw;
  }
  for (;;) {
    auto incoming = parse_incoming(receive_frame(m_socket.get(), deadline));
    if (auto* response = std::get_if<Response>(&incoming)) return std::move(*response);
    m_notifications.push_back(std::move(std::get<Notification>(incoming)));
  }
}

Reply Client::call(std::string_view method, boost::json::object params, SecureBytes blob,
                   std::chrono::milliseconds limit) {
  if (!m_socket.is_open()) throw Error(Errc::ServiceUnavailable, "the connection has ended");
  const auto id = m_next_id++;
  const auto request = to_frame(Request{id, std::string(method), std::move(params), std::move(blob)});
  Response response;
  try {
    response = exchange(request, Clock::now() + limit);
  } catch (...) {
    // An answer that comes later would be taken for the answer to the next call.
    m_socket.reset();
    throw;
  }
  if (response.id != id) m_socket.reset();
  if (const auto* error = std::get_if<Error>(&response.outcome)) throw Error(*error);
  if (response.id != id) throw Error(Errc::Internal, "answer to a call that was not made");
  return std::move(std::get<Reply>(response.outcome));
}

std::optional<Notification> Client::next_notification(std::optional<std::chrono::milliseconds> limit) {
  if (m_notifications.empty()) {
    if (!m_socket.is_open()) throw Error(Errc::ServiceUnavailable, "the connection has ended");
    Deadline deadline;
    if (limit) deadline = Clock::now() + *limit;
    if (!wait_for(m_socket.get(), POLLIN, deadline)) return std::nullopt;
    auto incoming = parse_incoming(receive_frame(m_socket.get(), Clock::now() + frame_limit));
    if (auto* response = std::get_if<Response>(&incoming)) {
      m_socket.reset();
      if (auto* error = std::get_if<Error>(&response->outcome)) throw Error(*error);
      throw Error(Errc::Internal, "answer to a call that was not made");
    }
    return std::move(std::get<Notification>(incoming));
  }
  auto notification = std::move(m_notifications.front());
  m_notifications.pop_front();
  return notification;
}

} // namespace twcard::rpc
