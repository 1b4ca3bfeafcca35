#include "daemon/prompt/cancellation.hpp"

#include "driver/base/error.hpp"

#include <poll.h>
#include <sys/eventfd.h>

namespace twcard::prompt {

Cancellation::Cancellation() : m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!m_event.is_open()) throw Error(Errc::Internal, "no descriptor for a prompt");
}

void Cancellation::request() noexcept {
  ::eventfd_write(m_event.get(), 1);
}

bool Cancellation::requested() const noexcept {
  pollfd event = {m_event.get(), POLLIN, 0};
  return ::poll(&event, 1, 0) == 1;
}

} // namespace twcard::prompt
