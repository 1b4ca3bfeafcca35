#include "cli/system/person_folders.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"

#include <cstdlib>
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
  if (home == nullptr || !path(home).is_absolute()) throw file_error(texts::file::no_home);
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
  throw usage_error(texts::usage::under_sudo, escaped(name != nullptr ? name : std::getenv("SUDO_UID")));
}

void make_folder(const path& folder) {
  const auto mask = ::umask(077);
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  ::umask(mask);
  if (failure) throw file_error(texts::file::cannot_create, escaped(folder.string()), failure.message());
}

} // namespace twcard::cli
