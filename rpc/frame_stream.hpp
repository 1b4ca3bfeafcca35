// Frames over an Asio socket: what both Asio ends share. One strand: everything is used from the socket's executor.
#pragma once

#include "rpc/frame.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <deque>
#include <memory>

namespace twcard::rpc {

class FrameStream final : public std::enable_shared_from_this<FrameStream> {
public:
  using Socket = boost::asio::local::stream_protocol::socket;
  static constexpr std::size_t max_queued = 256;

  explicit FrameStream(Socket socket) : m_socket(std::move(socket)) {}

  // Throws Error(BadRequest) for a frame over the limits and boost::system::system_error when the connection ends.
  [[nodiscard]] boost::asio::awaitable<Frame> read();
  // Queued and sent in order; dropped when closed. Closes when more than max_queued wait: the other side does not read.
  void send(Frame frame);
  // Closes; `frame` goes out first if that needs no waiting.
  void close_with(const Frame& frame) noexcept;
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return m_socket.is_open(); }
  [[nodiscard]] Socket& socket() noexcept { return m_socket; }

private:
  void write_next();

  Socket m_socket;
  std::deque<Frame> m_queue; // the first one is being written
  std::array<std::uint8_t, frame_header_size> m_header{};
};

} // namespace twcard::rpc
