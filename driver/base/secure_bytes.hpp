// Memory for PINs and for what is signed with them.
//
// SecureBytes lives in pages of its own: locked (never swapped), left out of core dumps, zeroed in a forked child,
// wiped before it is given back. Move-only, so that a copy is always a visible act.
// ScrubbedBytes is an ordinary vector that wipes what it gives back: for command buffers that may carry a PIN block.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <memory>

namespace twcard {

// Overwrites memory in a way that the compiler keeps.
void wipe(void* memory, std::size_t size) noexcept;

class SecureBytes final {
public:
  SecureBytes() = default;
  // Zeroed. Throws std::bad_alloc when no page can be had or locked (RLIMIT_MEMLOCK).
  explicit SecureBytes(std::size_t size);
  [[nodiscard]] static SecureBytes copy_of(ByteView bytes);

  SecureBytes(SecureBytes&& other) noexcept;
  SecureBytes& operator=(SecureBytes&& other) noexcept;
  SecureBytes(const SecureBytes&) = delete;
  SecureBytes& operator=(const SecureBytes&) = delete;
  ~SecureBytes();

  [[nodiscard]] std::uint8_t* data() noexcept { return m_data; }
  [[nodiscard]] const std::uint8_t* data() const noexcept { return m_data; }
  [[nodiscard]] std::size_t size() const noexcept { return m_size; }
  [[nodiscard]] bool empty() const noexcept { return m_size == 0; }
  [[nodiscard]] ByteView view() const noexcept { return {m_data, m_size}; }
  [[nodiscard]] std::span<std::uint8_t> span() noexcept { return {m_data, m_size}; }

  // Shortens to `size` octets (at most the present size) and wipes the rest.
  void truncate(std::size_t size) noexcept;

private:
  std::uint8_t* m_data = nullptr;
  std::size_t m_size = 0;
  std::size_t m_mapped = 0;
};

// Allocator that wipes before it frees.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  explicit WipingAllocator(const WipingAllocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe(memory, count * sizeof(T));
    std::allocator<T>{}.deallocate(memory, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) noexcept { return true; }
};

using ScrubbedBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

// A personal identification number as it was entered: 1 to 64 octets without NUL. What length and characters a card
// takes is the card's own check (Errc::PinLength).
class Pin final {
public:
  // Takes the octets over. Throws Error(PinLength) when empty, too long, or with a NUL inside.
  [[nodiscard]] static Pin take(SecureBytes&& octets);
  [[nodiscard]] ByteView view() const noexcept { return m_octets.view(); }
  [[nodiscard]] std::size_t size() const noexcept { return m_octets.size(); }

private:
  explicit Pin(SecureBytes&& octets) noexcept : m_octets(std::move(octets)) {}
  SecureBytes m_octets;
};

} // namespace twcard
