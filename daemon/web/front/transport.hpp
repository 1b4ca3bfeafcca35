// A TCP connection with or without TLS, as one type: what is built on it is compiled once. For the sources of this
// folder that include Beast. Source: Beast's documentation, "Layered Streams"; websocket::async_teardown.
#pragma once

#include "driver/base/secure_bytes.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <variant>

namespace twcard::web {

// For what a page sends: a PIN or a password may be in it, and is wiped with the buffer.
using ScrubbedBuffer = boost::beast::basic_flat_buffer<WipingAllocator<char>>;

class Transport { // not final: Asio looks at stream types by deriving from them
public:
  using next_layer_type = boost::beast::tcp_stream;
  using executor_type = next_layer_type::executor_type;
  using Tls = boost::beast::ssl_stream<next_layer_type>;

  // Without TLS when `tls` is null; else it has to live as long as this.
  Transport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls)
      : m_stream(std::in_place_type<next_layer_type>, std::move(socket)) {
    if (tls == nullptr) return;
    auto plain = std::move(std::get<next_layer_type>(m_stream));
    m_stream.emplace<Tls>(std::move(plain), *tls);
  }

  executor_type get_executor() { return next_layer().get_executor(); }
  next_layer_type& next_layer() {
    auto* tls = std::get_if<Tls>(&m_stream);
    return tls != nullptr ? tls->next_layer() : std::get<next_layer_type>(m_stream);
  }
  Tls* tls() { return std::get_if<Tls>(&m_stream); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          if (auto* secured = tls())
            secured->async_read_some(into, std::move(handler));
          else
            next_layer().async_read_some(into, std::move(handler));
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          if (auto* secured = tls())
            secured->async_write_some(from, std::move(handler));
          else
            next_layer().async_write_some(from, std::move(handler));
        },
        token, buffers);
  }

private:
  std::variant<next_layer_type, Tls> m_stream;
};

// What a WebSocket does after its close frames.
template <typename Handler>
void async_teardown(boost::beast::role_type role, Transport& transport, Handler&& handler) {
  using boost::beast::async_teardown;
  using boost::beast::websocket::async_teardown;
  if (auto* tls = transport.tls())
    async_teardown(role, *tls, std::forward<Handler>(handler));
  else
    async_teardown(role, transport.next_layer().socket(), std::forward<Handler>(handler));
}

} // namespace twcard::web
