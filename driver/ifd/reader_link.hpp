// The reader's orders: one message out, the answer that belongs to it back.
#pragma once

#include "driver/ifd/atr.hpp"
#include "driver/ifd/card_line.hpp"
#include "driver/ifd/message.hpp"
#include "driver/ifd/transport.hpp"

#include <chrono>
#include <cstdint>

namespace twcard::ifd {

// Every order has a deadline, answers to earlier orders are dropped, requests for more time are bounded.
// All functions block and throw Error(NoReader) when the reader is gone, Error(Timeout) when it does not answer,
// Error(BadCardData) when it refuses or talks nonsense, Error(CardRemoved) when there is no card.
class ReaderLink final : public CardLine {
public:
  explicit ReaderLink(Transport& transport) : m_transport(transport) {}

  // Applies 5 V and resets the card. The answer to reset without the reader's prefix octet, not checked.
  [[nodiscard]] Bytes power_on();
  void power_off();
  [[nodiscard]] Presence presence();
  // The protocol data structure of CCID 1.1, 6.1.7: five octets for T=0, seven for T=1.
  void set_parameters(Protocol protocol, ByteView structure);

  // How long the card may take to begin its answer.
  void set_waiting_time(std::chrono::milliseconds time) noexcept { m_waiting_time = time; }
  [[nodiscard]] Bytes exchange(ByteView octets, std::size_t expected, unsigned extension) override;

private:
  [[nodiscard]] Answer ask(Order order, std::array<std::uint8_t, 3> parameters, ByteView data,
                           std::chrono::milliseconds timeout);
  [[nodiscard]] Answer receive_own(std::chrono::milliseconds timeout);

  Transport& m_transport;
  std::uint8_t m_sequence = 0;
  std::chrono::milliseconds m_waiting_time{1600};
};

} // namespace twcard::ifd
