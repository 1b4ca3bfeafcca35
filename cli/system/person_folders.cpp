#include "cli/system/person_folders.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::cli {

namespace {

using std::filesystem::path;

path folder_of(const char* variable, const char* below_home) {
  const char* value = std::getenv(variable);
  // The specification: a relative path is to be ignored.
  if (value != nullptr && path(value).is_absolute()) return value;
  return home_folder() / below_home;
}

} // namespace

path home_folder() {
  const char* home = std::getenv("HOME");
  if (home == nullptr || !path(home).is_absolute())
    throw file_error("HOME is not set: whose settings?", "未設定 HOME，無法得知要設定哪位使用者");
  return home;
}

path config_folder() {
  return folder_of("XDG_CONFIG_HOME", ".config");
}

path data_folder() {
  return folder_of("XDG_DATA_HOME", ".local/share");
}

bool is_under_sudo() {
  const char* caller = std::getenv("SUDO_UID");
  return ::geteuid() == 0 && caller != nullptr && std::string_view(caller) != "0";
}

void refuse_sudo() {
  if (!is_under_sudo()) return;
  const char* name = std::getenv("SUDO_USER");
  const auto person = escaped(name != nullptr ? name : std::getenv("SUDO_UID"));
  throw usage_error(fmt::format("under sudo this would be set up for root, not for {}; run it without sudo. Where an "
                                "administrator is needed it gives a command to copy",
                                person),
                    fmt::format("使用 sudo 會設定到 root，而不是 {}；請不要加 sudo 執行。需要系統管理員的部分，會列出可"
                                "複製的指令",
                                person));
}

void make_folder(const path& folder) {
  const auto mask = ::umask(077);
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  ::umask(mask);
  if (failure)
    throw file_error(fmt::format("cannot make {}: {}", escaped(folder.string()), failure.message()),
                     fmt::format("無法建立 {}：{}", escaped(folder.string()), failure.message()));
}

} // namespace twcard::cli
