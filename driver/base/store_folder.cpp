#include "driver/base/store_folder.hpp"

#include "driver/base/descriptor.hpp"
#include "driver/base/log.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace twcard {

namespace fs = std::filesystem;

namespace {

void complain(std::string_view doing, const fs::path& what) {
  log::warning("store", "{} {}: {}", doing, what.string(), std::generic_category().message(errno));
}

// Fails with EPERM for what is another user's or of another type.
bool is_own(const Descriptor& file, mode_t type, struct stat& status) {
  if (::fstat(file.get(), &status) != 0) return false;
  if (status.st_uid == ::geteuid() && (status.st_mode & S_IFMT) == type) return true;
  errno = EPERM;
  return false;
}

Descriptor open_folder(const fs::path& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!folder.is_open() || !is_own(folder, S_IFDIR, status)) return {};
  if ((status.st_mode & 077) != 0 && ::fchmod(folder.get(), 0700) != 0) return {};
  return folder;
}

Descriptor make_folder(const fs::path& path) {
  std::error_code ignored;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return {};
  return open_folder(path);
}

bool write_all(const Descriptor& file, ByteView content) {
  while (!content.empty()) {
    const auto count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return ::fsync(file.get()) == 0;
}

} // namespace

std::vector<StoreFolder::File> StoreFolder::files() const {
  std::vector<File> found;
  std::error_code failure;
  for (fs::directory_iterator entry(m_path, failure), end; !failure && entry != end; entry.increment(failure)) {
    std::error_code unreadable;
    if (!fs::is_regular_file(entry->symlink_status(unreadable))) continue;
    const auto size = entry->file_size(unreadable);
    const auto written = entry->last_write_time(unreadable);
    if (!unreadable) found.push_back({entry->path().filename().string(), static_cast<std::size_t>(size), written});
  }
  return found;
}

std::optional<Bytes> StoreFolder::read(const std::string& name, std::size_t limit) const {
  if (m_path.empty()) return std::nullopt;
  const auto folder = open_folder(m_path);
  // O_NONBLOCK: opening a FIFO must not block.
  const Descriptor file(
      folder.is_open() ? ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1);
  if (!file.is_open()) {
    if (errno != ENOENT) complain("cannot read", m_path / name);
    return std::nullopt;
  }
  struct stat status {};
  if (!is_own(file, S_IFREG, status)) {
    complain("cannot read", m_path / name);
    return std::nullopt;
  }
  Bytes content(limit + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const auto count = ::read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      complain("cannot read", m_path / name);
      return std::nullopt;
    }
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > limit) {
    log::warning("store", "{}: over {} octets", (m_path / name).string(), limit);
    return std::nullopt;
  }
  content.resize(size);
  return content;
}

bool StoreFolder::write(const std::string& name, ByteView content) const {
  if (m_path.empty()) return true;
  const auto unfinished = "." + name + ".new";
  const auto folder = make_folder(m_path);
  const auto written = [&] {
    const Descriptor file(
        ::openat(folder.get(), unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    return file.is_open() && write_all(file, content);
  };
  if (folder.is_open() && written() && ::renameat(folder.get(), unfinished.c_str(), folder.get(), name.c_str()) == 0 &&
      ::fsync(folder.get()) == 0)
    return true;
  complain("cannot write", m_path / name);
  return false;
}

bool StoreFolder::remove(const std::string& name) const {
  std::error_code failure;
  fs::remove(m_path / name, failure);
  return !failure;
}

void StoreFolder::set_aside(const std::string& name) const {
  log::warning("store", "{} is damaged; it is now {}.damaged", (m_path / name).string(), name);
  std::error_code failure;
  fs::rename(m_path / name, m_path / (name + ".damaged"), failure);
  if (failure) remove(name);
}

} // namespace twcard
