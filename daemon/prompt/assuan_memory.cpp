#include "daemon/prompt/assuan_memory.hpp"

#include "driver/base/secure_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>

namespace twcard::prompt {

namespace {

// The owner of a block lives in front of it, inside the memory that it owns.
constexpr std::size_t header_size =
    (sizeof(SecureBytes) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

SecureBytes* owner_of(void* block) {
  return std::launder(reinterpret_cast<SecureBytes*>(static_cast<std::uint8_t*>(block) - header_size));
}

void* secure_malloc(std::size_t size) {
  try {
    if (size > std::numeric_limits<std::size_t>::max() - header_size) throw std::bad_alloc();
    SecureBytes memory(header_size + size);
    auto* const start = memory.data();
    new (start) SecureBytes(std::move(memory));
    return start + header_size;
  } catch (const std::bad_alloc&) {
    errno = ENOMEM;
    return nullptr;
  }
}

void secure_free(void* block) {
  if (block == nullptr) return;
  auto* const owner = owner_of(block);
  const SecureBytes memory(std::move(*owner)); // unmaps at the end of this scope
  owner->~SecureBytes();
}

void* secure_realloc(void* block, std::size_t size) {
  void* const moved = secure_malloc(size);
  if (moved == nullptr || block == nullptr) return moved;
  std::memcpy(moved, block, std::min(size, owner_of(block)->size() - header_size));
  secure_free(block);
  return moved;
}

} // namespace

assuan_malloc_hooks_t secure_malloc_hooks() noexcept {
  static assuan_malloc_hooks hooks = {secure_malloc, secure_realloc, secure_free};
  return &hooks;
}

} // namespace twcard::prompt
