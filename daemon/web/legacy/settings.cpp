#include "daemon/web/legacy/settings.hpp"

#include "driver/base/descriptor.hpp"
#include "driver/base/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::web {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

std::string text_of(const Descriptor& file) {
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) bad("is not a file");
  if (facts.st_uid != ::geteuid()) bad("belongs to another user");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) bad("others may write it (mode 0600 is needed)");
  std::string text(rpc::max_legacy_settings_octets + 1, '\0');
  const auto size = ::read(file.get(), text.data(), text.size());
  if (size < 0) bad("cannot be read");
  if (static_cast<std::size_t>(size) > rpc::max_legacy_settings_octets) bad("more than 64 KiB");
  text.resize(static_cast<std::size_t>(size));
  return text;
}

} // namespace

rpc::LegacySettings read_legacy_settings(const fs::path& folder) {
  const auto path = rpc::legacy_settings_file(folder);
  // O_NONBLOCK: opening a FIFO must not block.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return {};
  try {
    if (!file.is_open()) bad("cannot be read");
    return rpc::parse_legacy_settings(text_of(file));
  } catch (const Error& error) {
    bad(path.string() + ": " + error.what());
  }
}

} // namespace twcard::web
