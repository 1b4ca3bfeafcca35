// A simulated reader as a USB device for QEMU: the host's end of the usbredir protocol (usb-redir device, chardev
// socket).
#pragma once

#include "driver/base/descriptor.hpp"
#include "simulator/usb/usb_reader.hpp"

#include <cstdint>
#include <deque>
#include <utility>

struct usbredirparser;

namespace twcard::simulator {

// One connection of a QEMU. The reader must outlive the object.
class Redirection final {
public:
  // Takes the connected socket over. `plugged`: the reader hangs on the USB from the start.
  Redirection(UsbReader& reader, int socket, bool plugged);
  ~Redirection();
  Redirection(const Redirection&) = delete;
  Redirection& operator=(const Redirection&) = delete;

  [[nodiscard]] int socket() const noexcept { return m_socket.get(); }
  [[nodiscard]] bool wants_to_write() const;
  // After poll(): reads, answers, writes what can be written. False when the connection has ended.
  [[nodiscard]] bool serve();

  void plug();
  // Pulls the reader out: transfers under way are not answered any more.
  void unplug();
  // Brings what the reader's interrupt pipe has to say on its way.
  void notify();
  // Orders of the host after which the reader pulls itself out, in the middle of the exchange; 0: never.
  void unplug_after(unsigned transfers) noexcept { m_transfers_left = transfers; }

private:
  struct Callbacks;
  void connect_device();
  void take_bulk_out(std::uint64_t id, std::uint8_t endpoint, const Bytes& octets);
  void answer_waiting();

  UsbReader& m_reader;
  Descriptor m_socket;
  usbredirparser* m_parser;
  bool m_greeted = false;
  bool m_plugged;
  bool m_visible = false;   // QEMU knows of the device
  bool m_listening = false; // the guest reads the interrupt pipe
  unsigned m_transfers_left = 0;
  std::deque<std::pair<std::uint64_t, std::uint32_t>> m_waiting; // bulk-IN transfers: id and room
  std::deque<Bytes> m_answers;
};

} // namespace twcard::simulator
