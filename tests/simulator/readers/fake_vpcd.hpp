// The reader's side of the vpcd link, under the control of a test. Frames and octets are hexadecimal text.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <future>
#include <string>
#include <string_view>

namespace twcard::simulator::tests {

class FakeVpcd final {
public:
  // Listens on a free port of 127.0.0.1.
  FakeVpcd();
  ~FakeVpcd();
  FakeVpcd(const FakeVpcd&) = delete;
  FakeVpcd& operator=(const FakeVpcd&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
  // Waits for the card.
  void accept();
  // Octets as they are, in one write.
  void send(std::string_view octets);
  // One frame, length and body written separately, as vpcd does.
  void tell(std::string_view body);
  // The body of the next frame.
  [[nodiscard]] std::string receive();
  [[nodiscard]] std::string ask(std::string_view body);
  // Whether the card ends the connection, and does so before anything else is sent.
  [[nodiscard]] bool ended();
  void hang_up();
  // Hangs up and stops listening.
  void close();
  // Listens on the same port again.
  void listen();

private:
  [[nodiscard]] Bytes read(std::size_t count);

  int m_listener = -1;
  int m_socket = -1;
  std::uint16_t m_port = 0;
};

} // namespace twcard::simulator::tests
