// A simulated card in a virtual PC/SC reader (vsmartcard's vpcd): the card connects to the reader by TCP.
//
// Frames both ways: length (two octets, big-endian) and body. A body of one octet from the reader is 0 power off,
// 1 power on, 2 reset, 4 "your ATR", which alone is answered; every other body is a command APDU. vpcd writes length
// and body separately, so without TCP_NODELAY and a TCP_QUICKACK around every read each command takes 44 ms.
//
// While it lives it connects again whenever pcscd comes back. Thread safe.
#pragma once

#include "driver/base/descriptor.hpp"
#include "simulator/cards/fault_plan.hpp"
#include "simulator/cards/simulated_card.hpp"
#include "simulator/readers/card_timing.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace twcard::simulator {

// Port of the first and of the second reader of Debian's vpcd.
inline constexpr std::uint16_t vpcd_port = 35963;

class VpcdPlug final {
public:
  // Connects in a thread of its own to 127.0.0.1:port. Each command is subject to `faults`, which the caller may
  // change.
  VpcdPlug(std::uint16_t port, std::shared_ptr<SimulatedCard> card, CardTiming timing = {},
           std::shared_ptr<FaultPlayer> faults = std::make_shared<FaultPlayer>());
  // As unplug().
  ~VpcdPlug();
  VpcdPlug(const VpcdPlug&) = delete;
  VpcdPlug& operator=(const VpcdPlug&) = delete;

  // Waits until the reader has powered the card: from then on PC/SC shows it. False after `limit` or unplug().
  [[nodiscard]] bool wait_until_powered(std::chrono::milliseconds limit);
  // Pulls the card out. Returns when the reader has noticed (it looks about twice a second), after 3 s at the latest.
  void unplug();
  [[nodiscard]] bool unplugged();
  // The card that is plugged in: another one after a fault has swapped it.
  [[nodiscard]] std::shared_ptr<SimulatedCard> card();

private:
  void run();
  [[nodiscard]] bool connect(const Descriptor& socket) const;
  void serve(const Descriptor& socket);
  // Both: false when the card is out from now on.
  [[nodiscard]] bool answer(const Descriptor& socket, ByteView body);
  [[nodiscard]] bool answer_command(const Descriptor& socket, ByteView command);
  // Lets time pass; false when the card shall be pulled out meanwhile.
  [[nodiscard]] bool pause(std::chrono::microseconds time) const;
  // Waits for input; false when the card shall be pulled out.
  [[nodiscard]] bool wait_for_input(const Descriptor& socket) const;
  void stop();

  std::uint16_t m_port;
  std::shared_ptr<SimulatedCard> m_card;
  CardTiming m_timing;
  std::shared_ptr<FaultPlayer> m_faults;
  Descriptor m_stop; // eventfd, readable once the card shall be pulled out
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_powered = false;
  bool m_stopped = false;
  std::once_flag m_joined;
  std::thread m_thread;
};

} // namespace twcard::simulator
