// Owner of a file descriptor, and the one way to hold a lock file.
#pragma once

#include <filesystem>
#include <unistd.h>
#include <utility>

namespace twcard {

class Descriptor final {
public:
  Descriptor() = default;
  // Takes ownership. A negative value, which system calls return when they fail, means no descriptor.
  explicit Descriptor(int descriptor) noexcept : m_descriptor(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : m_descriptor(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return m_descriptor; }
  [[nodiscard]] bool is_open() const noexcept { return m_descriptor >= 0; }
  [[nodiscard]] int release() noexcept { return std::exchange(m_descriptor, -1); }
  // Closes the present one and leaves errno alone.
  void reset(int descriptor = -1) noexcept;

private:
  int m_descriptor = -1;
};

// Waits until this process alone holds the file's lock, which it does until the descriptor is closed. Makes the file
// (0600) when it is missing, and follows no link. Not open, and errno set, when that fails.
[[nodiscard]] Descriptor hold_lock_file(const std::filesystem::path& file);

} // namespace twcard
