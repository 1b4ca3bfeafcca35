#include "driver/base/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace twcard {

void Descriptor::reset(int descriptor) noexcept {
  const int reason = errno;
  if (m_descriptor >= 0) ::close(m_descriptor);
  m_descriptor = descriptor;
  errno = reason;
}

Descriptor hold_lock_file(const std::filesystem::path& file) {
  Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  while (lock.is_open() && ::flock(lock.get(), LOCK_EX) != 0)
    if (errno != EINTR) lock.reset();
  return lock;
}

} // namespace twcard
