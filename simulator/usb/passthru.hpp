// A simulated card behind QEMU's own CCID reader (usb-ccid with ccid-card-passthru): the client's end of the virtual
// smart card protocol of QEMU's docs/ccid.txt. Messages: type, reader, length as 32-bit big-endian numbers, then data.
// QEMU keeps resets to itself: a login in the card outlives them, other than in a real reader.
#pragma once

#include "driver/base/descriptor.hpp"
#include "simulator/cards/simulated_card.hpp"

#include <memory>

namespace twcard::simulator {

// One connection of a QEMU.
class Passthru final {
public:
  // Takes the connected socket over.
  explicit Passthru(int socket);

  [[nodiscard]] int socket() const noexcept { return m_socket.get(); }
  // After poll(). False when the connection has ended.
  [[nodiscard]] bool serve();

  void insert(std::shared_ptr<SimulatedCard> card);
  void remove();

private:
  void take(std::uint32_t type, ByteView data);
  void send(std::uint32_t type, std::uint32_t reader, ByteView data) const;
  void show_card();

  Descriptor m_socket;
  Bytes m_input;
  bool m_reader_added = false;
  std::shared_ptr<SimulatedCard> m_card;
};

} // namespace twcard::simulator
