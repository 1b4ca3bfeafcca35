#include "rpc/frame_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace twcard::rpc {

namespace asio = boost::asio;

namespace {

std::array<asio::const_buffer, 3> buffers_of(const std::array<std::uint8_t, frame_header_size>& header,
                                             const Frame& frame) {
  return {asio::buffer(header), asio::buffer(frame.json), asio::buffer(frame.blob.data(), frame.blob.size())};
}

} // namespace

asio::awaitable<Frame> FrameStream::read() {
  const auto self = shared_from_this(); // the socket outlives the read
  std::array<std::uint8_t, frame_header_size> octets{};
  co_await asio::async_read(m_socket, asio::buffer(octets), asio::use_awaitable);
  const auto header = FrameHeader::decode(octets);
  Frame frame{std::string(header.json_size, '\0'), SecureBytes(header.blob_size)};
  const std::array<asio::mutable_buffer, 2> parts{asio::buffer(frame.json),
                                                  asio::buffer(frame.blob.data(), frame.blob.size())};
  co_await asio::async_read(m_socket, parts, asio::use_awaitable);
  co_return frame;
}

void FrameStream::send(Frame frame) {
  if (!m_socket.is_open()) return;
  if (m_queue.size() > max_queued) {
    close();
    return;
  }
  m_queue.push_back(std::move(frame));
  if (m_queue.size() == 1) write_next();
}

void FrameStream::write_next() {
  m_header = m_queue.front().header().encode();
  asio::async_write(m_socket, buffers_of(m_header, m_queue.front()),
                    [self = shared_from_this()](const boost::system::error_code& failure, std::size_t) {
                      self->m_queue.pop_front();
                      if (failure) {
                        self->close();
                        self->m_queue.clear();
                      }
                      if (!self->m_queue.empty()) self->write_next();
                    });
}

void FrameStream::close_with(const Frame& frame) noexcept {
  if (m_socket.is_open() && m_queue.empty()) {
    try {
      const auto header = frame.header().encode();
      boost::system::error_code ignored;
      m_socket.non_blocking(true, ignored);
      asio::write(m_socket, buffers_of(header, frame), ignored);
    } catch (const std::exception&) {
      // The other side learns less; closing is what matters.
    }
  }
  close();
}

void FrameStream::close() noexcept {
  boost::system::error_code ignored;
  m_socket.close(ignored);
}

} // namespace twcard::rpc
