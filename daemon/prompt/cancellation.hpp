// A request to stop, from the thread that serves the socket to the one that waits for the person.
#pragma once

#include "driver/base/descriptor.hpp"

namespace twcard::prompt {

class Cancellation final {
public:
  // Throws Error(Internal) when no descriptor can be had.
  Cancellation();

  // Any thread; final.
  void request() noexcept;
  [[nodiscard]] bool requested() const noexcept;
  // Readable once requested: for poll().
  [[nodiscard]] int descriptor() const noexcept { return m_event.get(); }

private:
  Descriptor m_event;
};

} // namespace twcard::prompt
