// One reader of the server, whichever way it hangs on a QEMU.
#pragma once

#include "simulator/cards/simulated_card.hpp"
#include "simulator/usb/card_t1.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace twcard::simulator {

class Plugged {
public:
  virtual ~Plugged() = default;

  // A QEMU has connected; an earlier connection ends.
  virtual void connect(int socket) = 0;
  // The socket to watch, -1 without a connection.
  [[nodiscard]] virtual int socket() const = 0;
  [[nodiscard]] virtual bool wants_to_write() const = 0;
  virtual void serve() = 0;

  // `habits`: what the card does besides answering, where it speaks T=1.
  virtual void insert(std::shared_ptr<SimulatedCard> card, const std::optional<T1Habits>& habits) = 0;
  virtual void remove() = 0;
  virtual void plug() = 0;
  // After so many messages of the host, 0: at once.
  virtual void unplug(unsigned messages) = 0;
  virtual void set_fault(unsigned rate, unsigned seed) = 0;
  [[nodiscard]] virtual std::shared_ptr<SimulatedCard> card() const = 0;
};

// A reader that hangs on the USB from the start, or waits for plug(). Throws Error(BadRequest) for an unknown kind.
[[nodiscard]] std::unique_ptr<Plugged> make_plugged(const std::string& kind, bool plugged);

// Loses or bends so many of 1000 blocks, the same ones for the same seed.
[[nodiscard]] std::function<std::optional<Bytes>(Bytes)> seeded_fault(unsigned rate, unsigned seed);

} // namespace twcard::simulator
