// A descriptor that is readable while something is to be told: what a thread that waits polls beside the service.
#pragma once

#include <new>
#include <sys/eventfd.h>
#include <unistd.h>

namespace twcard::pkcs11 {

class News final {
public:
  News() : m_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (m_descriptor < 0) throw std::bad_alloc();
  }
  ~News() { ::close(m_descriptor); }
  News(const News&) = delete;
  News& operator=(const News&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return m_descriptor; }
  void set() noexcept { ::eventfd_write(m_descriptor, 1); }
  void clear() noexcept {
    eventfd_t value = 0;
    ::eventfd_read(m_descriptor, &value);
  }

private:
  int m_descriptor;
};

} // namespace twcard::pkcs11
