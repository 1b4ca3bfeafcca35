// A WebSocket client made of a blocking socket, for requests and frames that no browser would send. RFC 6455 section 5.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace twcard::web {

struct Header {
  std::string name;
  std::string value;
};

struct Frame {
  unsigned opcode = 0; // 1 text, 8 close, 9 ping, 10 pong
  std::string payload;
  bool ended = false; // the connection has, and there is no frame

  // Of a close frame; 0 when it has none.
  [[nodiscard]] unsigned close_code() const;
};

class RawWebSocket final {
public:
  // Connects, nothing more. Every wait of this class ends after 10 s with an exception.
  explicit RawWebSocket(std::uint16_t port, bool ipv6 = false);
  // From here on under TLS, whoever the other side is. Throws when there is no agreement.
  void start_tls();
  ~RawWebSocket();
  RawWebSocket(const RawWebSocket&) = delete;
  RawWebSocket& operator=(const RawWebSocket&) = delete;

  void send(const std::string& octets) const;
  // As it is, although there is TLS.
  void send_in_clear(const std::string& octets) const;
  // Sends the request and reads the head of the answer: its status, 0 when the connection ended without one.
  unsigned request(const std::string& request_line, const std::vector<Header>& headers, const std::string& body = {});
  // A browser's handshake as this origin.
  unsigned open(const std::string& origin);

  void send_frame(unsigned opcode, const std::string& payload, bool last = true) const;
  void send_text(const std::string& text) const { send_frame(1, text); }
  // The next frame, pings left out.
  Frame receive();
  // The next text message; throws for anything else.
  std::string receive_text();
  // What remains until the connection ends.
  std::string receive_all();
  void close();
  // What a close() without any farewell looks like: the connection is reset.
  void drop();

  [[nodiscard]] const std::string& head() const { return m_head; }
  // Value of a header in the answer, empty when it is not there.
  [[nodiscard]] std::string answer_header(const std::string& name) const;

private:
  struct Tls;

  bool read_exactly(std::size_t count, std::string& octets);

  std::uint16_t m_port;
  bool m_ipv6;
  int m_socket = -1;
  std::unique_ptr<Tls> m_tls;
  std::string m_head;
};

// One frame of a client, masked.
[[nodiscard]] std::string client_frame(unsigned opcode, const std::string& payload, bool last = true);
// The headers of a browser's handshake; the key is that of RFC 6455 section 1.3.
[[nodiscard]] std::vector<Header> browser_headers(const std::string& host, const std::string& origin);

} // namespace twcard::web
