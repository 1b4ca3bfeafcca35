// A software card: an applet behind the transport rules of ISO/IEC 7816-4, and counters of what it was asked.
// Thread safe: the virtual reader and the control socket use it side by side.
#pragma once

#include "driver/apdu/command_apdu.hpp"
#include "driver/base/bytes.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace twcard::simulator {

// What the card was asked since it was made or since reset_counters().
struct Counters {
  std::uint64_t apdus = 0;
  std::uint64_t octets_in = 0;                          // commands, as sent
  std::uint64_t octets_out = 0;                         // responses, status word included
  std::uint64_t resets = 0;                             // power-ons and warm resets
  std::optional<std::chrono::microseconds> reset_after; // from a command's answer to the last reset that followed one
  std::uint64_t verifies = 0;                           // VERIFY commands that reached the applet's PIN check
  std::uint64_t failed_verifies = 0;                    // of these, the ones that cost a try
  std::uint64_t private_operations = 0;                 // of RSA keys
  std::map<std::uint8_t, std::uint64_t> by_instruction; // INS byte -> commands
};

// The card application: one an insertion, asked with well-formed commands only.
class Applet {
public:
  virtual ~Applet() = default;
  [[nodiscard]] virtual Bytes atr() const = 0;
  // Forgets what a reset makes it forget: selected file, login, open chains. PIN tries stay.
  virtual void reset() = 0;
  [[nodiscard]] virtual apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) = 0;
};

class SimulatedCard final {
public:
  explicit SimulatedCard(std::unique_ptr<Applet> applet) : m_applet(std::move(applet)) {}

  [[nodiscard]] Bytes atr() const;
  // From the next reset on; empty: the applet's own again.
  void answer_reset_with(Bytes atr);
  void reset();
  // Any octets; the answer to a malformed command APDU is 6700.
  [[nodiscard]] Bytes transmit(ByteView command);
  [[nodiscard]] Counters counters() const;
  void reset_counters();

private:
  mutable std::mutex m_mutex;
  std::unique_ptr<Applet> m_applet;
  Counters m_counters;
  std::optional<std::chrono::steady_clock::time_point> m_answered; // since the reset
  Bytes m_atr;                                                     // instead of the applet's, when not empty
  Bytes m_next_atr;
};

} // namespace twcard::simulator
