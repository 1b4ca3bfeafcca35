#include "pkcs11/line/inherited.hpp"

#include <array>
#include <atomic>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::pkcs11::inherited {

namespace {

struct Entry {
  std::atomic<int> descriptor{-1};
  std::atomic<ino_t> inode{0};
};

std::array<Entry, 256>& table() {
  static constinit std::array<Entry, 256> entries{};
  return entries;
}

ino_t inode_of(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

} // namespace

void remember(int descriptor) noexcept {
  if (descriptor < 0) return;
  const auto inode = inode_of(descriptor);
  for (auto& entry : table()) {
    int free = -1;
    if (!entry.descriptor.compare_exchange_strong(free, descriptor)) continue;
    entry.inode = inode;
    return;
  }
}

void forget(int descriptor) noexcept {
  if (descriptor < 0) return;
  for (auto& entry : table()) {
    if (entry.descriptor != descriptor) continue;
    entry.inode = 0;
    entry.descriptor = -1;
    return;
  }
}

void close_all() noexcept {
  for (auto& entry : table()) {
    const int descriptor = entry.descriptor.exchange(-1);
    const auto inode = entry.inode.exchange(0);
    if (descriptor >= 0 && inode != 0 && inode_of(descriptor) == inode) ::close(descriptor);
  }
}

} // namespace twcard::pkcs11::inherited
