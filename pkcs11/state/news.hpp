// A descriptor that is readable while there is an event to report: a waiting thread polls it beside the service.
#pragma once

#include "driver/base/descriptor.hpp"

#include <new>
#include <sys/eventfd.h>

namespace twcard::pkcs11 {

class News final {
public:
  News() : m_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!m_descriptor.is_open()) throw std::bad_alloc();
  }

  [[nodiscard]] int descriptor() const noexcept { return m_descriptor.get(); }
  void set() noexcept { ::eventfd_write(m_descriptor.get(), 1); }
  void clear() noexcept {
    eventfd_t value = 0;
    ::eventfd_read(m_descriptor.get(), &value);
  }

private:
  Descriptor m_descriptor;
};

} // namespace twcard::pkcs11
