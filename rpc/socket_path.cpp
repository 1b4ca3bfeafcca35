#include "rpc/socket_path.hpp"

#include "driver/base/error.hpp"
#include "driver/base/user_folders.hpp"

#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace twcard::rpc {

namespace fs = std::filesystem;

namespace {

fs::path overridden(const char* variable, const char* file) {
  const char* value = std::getenv(variable);
  if (value != nullptr && *value != '\0') return value;
  return runtime_directory() / file;
}

} // namespace

fs::path runtime_directory() {
  if (const auto own = absolute_path_in("XDG_RUNTIME_DIR"); !own.empty()) return twcard_in(own);
  const auto of_user = fs::path("/run/user") / std::to_string(::geteuid());
  std::error_code ignored;
  if (fs::is_directory(of_user, ignored)) return of_user / "twcard";
  return fmt::format("/tmp/twcard-{}", ::geteuid());
}

fs::path card_socket() {
  return overridden("TWCARD_SOCKET", "card.sock");
}

fs::path prompt_socket() {
  return overridden("TWCARD_PROMPT_SOCKET", "prompt.sock");
}

fs::path vendor_socket() {
  return overridden("TWCARD_VENDOR_SOCKET", "vendor.sock");
}

void prepare_socket_directory(const fs::path& socket) {
  const auto folder = fs::absolute(socket).parent_path();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error(Errc::ServiceUnavailable,
                fmt::format("cannot make the folder {}: {}", folder.string(), std::generic_category().message(errno)));
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0)
    throw Error(Errc::ServiceUnavailable, fmt::format("cannot look at the folder {}", folder.string()));
  // A folder under /tmp could have been laid out by somebody else to listen in our place.
  if (!S_ISDIR(status.st_mode))
    throw Error(Errc::ServiceUnavailable, fmt::format("{} is a link or no folder", folder.string()));
  if (status.st_uid != ::geteuid())
    throw Error(Errc::ServiceUnavailable, fmt::format("the folder {} belongs to another user", folder.string()));
  if ((status.st_mode & 0077) != 0)
    throw Error(Errc::ServiceUnavailable, fmt::format("the folder {} is open to others (mode {:04o}, 0700 is needed)",
                                                      folder.string(), status.st_mode & 07777));
}

} // namespace twcard::rpc
