#include "cli/system/person_folders.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"
#include "driver/base/user_folders.hpp"

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::cli {

namespace {

using std::filesystem::path;

path known(path folder) {
  if (folder.empty()) throw file_error(texts::file::no_home);
  return folder;
}

} // namespace

path home_folder() {
  return known(user_home_folder());
}

path config_folder() {
  return known(user_config_folder());
}

path data_folder() {
  return known(user_data_folder());
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
