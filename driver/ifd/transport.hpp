// The reader's USB pipes as the rest of the driver sees them.
#pragma once

#include "driver/base/bytes.hpp"

#include <chrono>

namespace twcard::ifd {

class Transport {
public:
  virtual ~Transport() = default;

  // One message on the bulk-OUT pipe. Throws Error(NoReader) when the device is gone, Error(Timeout).
  virtual void send(ByteView message, std::chrono::milliseconds timeout) = 0;
  // One message from the bulk-IN pipe, as long as it comes. Throws like send().
  [[nodiscard]] virtual Bytes receive(std::chrono::milliseconds timeout) = 0;

  enum class Wake { Notification, Timeout, Stopped, PipeFailed };
  struct Notification {
    Wake wake = Wake::Timeout;
    Bytes octets;
  };
  // Waits on the interrupt pipe. May run beside send() and receive(). Throws Error(NoReader).
  [[nodiscard]] virtual Notification wait_notification(std::chrono::milliseconds timeout) = 0;
  // Makes a wait_notification() that runs now, or the next one, return Stopped. Any thread.
  virtual void stop_waiting() noexcept = 0;
};

} // namespace twcard::ifd
