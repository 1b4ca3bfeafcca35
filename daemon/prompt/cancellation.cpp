#include "daemon/prompt/cancellation.hpp"

#include "driver/base/error.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace twcard::prompt {

Cancellation::Cancellation() : m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (m_event < 0) throw Error(Errc::Internal, "no descriptor for a prompt");
}

Cancellation::~Cancellation() {
  ::close(m_event);
}

void Cancellation::request() noexcept {
  ::eventfd_write(m_event, 1);
}

bool Cancellation::requested() const noexcept {
  pollfd event = {m_event, POLLIN, 0};
  return ::poll(&event, 1, 0) == 1;
}

} // namespace twcard::prompt
