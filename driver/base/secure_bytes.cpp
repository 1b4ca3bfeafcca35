#include "driver/base/secure_bytes.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace twcard {

namespace {

constexpr std::size_t max_pin_octets = 64;

std::size_t whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

} // namespace

void wipe(void* memory, std::size_t size) noexcept {
  if (size != 0) ::explicit_bzero(memory, size);
}

SecureBytes::SecureBytes(std::size_t size) {
  if (size == 0) return;
  const auto mapped = whole_pages(size);
  void* memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  if (::mlock(memory, mapped) != 0) {
    ::munmap(memory, mapped);
    throw std::bad_alloc();
  }
  ::madvise(memory, mapped, MADV_DONTDUMP);
  ::madvise(memory, mapped, MADV_WIPEONFORK);
  m_data = static_cast<std::uint8_t*>(memory);
  m_size = size;
  m_mapped = mapped;
}

SecureBytes SecureBytes::copy_of(ByteView bytes) {
  SecureBytes copy(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.data());
  return copy;
}

SecureBytes::SecureBytes(SecureBytes&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_mapped(std::exchange(other.m_mapped, 0)) {}

SecureBytes& SecureBytes::operator=(SecureBytes&& other) noexcept {
  SecureBytes taken(std::move(other));
  std::swap(m_data, taken.m_data);
  std::swap(m_size, taken.m_size);
  std::swap(m_mapped, taken.m_mapped);
  return *this;
}

SecureBytes::~SecureBytes() {
  if (m_data == nullptr) return;
  wipe(m_data, m_mapped);
  ::munmap(m_data, m_mapped);
}

void SecureBytes::truncate(std::size_t size) noexcept {
  if (size >= m_size) return;
  wipe(m_data + size, m_size - size);
  m_size = size;
}

Pin Pin::take(SecureBytes&& octets) {
  const auto view = octets.view();
  if (view.empty() || view.size() > max_pin_octets) throw Error(Errc::PinLength, "PIN of an invalid length");
  if (std::find(view.begin(), view.end(), 0) != view.end()) throw Error(Errc::PinLength, "NUL inside the PIN");
  return Pin(std::move(octets));
}

} // namespace twcard
