// A whole reader whose pipes bring what the fuzzer likes: messages, answers to reset, blocks, notifications. One octet
// of length before each message; bit 7 of the length's successor asks for the right header before it.
#include "driver/base/error.hpp"
#include "driver/ifd/reader.hpp"

#include <algorithm>

using namespace twcard;

namespace {

class FuzzedPipes final : public ifd::Transport {
public:
  explicit FuzzedPipes(ByteView octets) : m_octets(octets) {}
  void send(ByteView message, std::chrono::milliseconds) override { m_sequence = message[6]; }
  Bytes receive(std::chrono::milliseconds) override {
    if (m_octets.size() < 2) throw Error(Errc::Timeout, "the input is at its end");
    const bool header = (m_octets[1] & 0x80) != 0;
    const std::uint8_t type = static_cast<std::uint8_t>(0x80 | (m_octets[1] & 0x03));
    const std::uint8_t status = m_octets[1] & 0x40;
    Bytes data = take();
    if (!header) return data;
    Bytes message{type, 0, 0, 0, static_cast<std::uint8_t>(data.size()), 0, m_sequence, status, 0xFE, 0};
    message.insert(message.end(), data.begin(), data.end());
    return message;
  }
  Notification wait_notification(std::chrono::milliseconds) override {
    return {.wake = m_octets.empty() ? Wake::Stopped : Wake::Notification, .octets = take()};
  }
  void stop_waiting() noexcept override {}

private:
  Bytes take() {
    if (m_octets.size() < 2) {
      m_octets = {};
      return {};
    }
    const std::size_t length = std::min<std::size_t>(m_octets[0], m_octets.size() - 2);
    Bytes data = to_bytes(m_octets.subspan(2, length));
    m_octets = m_octets.subspan(2 + length);
    return data;
  }

  ByteView m_octets;
  std::uint8_t m_sequence = 0;
};

template <typename Action>
void attempt(Action action) {
  try {
    action();
  } catch (const Error&) {
    // An error is a good end: what must not happen are other exceptions, endless loops and faults of memory.
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ifd::Reader reader(std::make_unique<FuzzedPipes>(ByteView(data, size)));
  const Bytes command{0x00, 0xA4, 0x04, 0x00, 0x02, 0x3F, 0x00, 0x00};
  attempt([&] { static_cast<void>(reader.card_present()); });
  attempt([&] { static_cast<void>(reader.power_on()); });
  for (const auto protocol : {ifd::Protocol::T1, ifd::Protocol::T0}) {
    attempt([&] { reader.select_protocol(protocol); });
    attempt([&] { static_cast<void>(reader.transmit(protocol, command)); });
  }
  attempt([&] { reader.wait_for_event(std::chrono::milliseconds(10)); });
  return 0;
}
