#include "driver/base/user_folders.hpp"

#include <cstdlib>

namespace twcard {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const char* variable, const char* below_home) {
  if (auto folder = absolute_path_in(variable); !folder.empty()) return folder;
  const auto home = user_home_folder();
  return home.empty() ? home : home / below_home;
}

} // namespace

fs::path absolute_path_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && fs::path(value).is_absolute() ? value : fs::path();
}

fs::path user_home_folder() {
  return absolute_path_in("HOME");
}

fs::path user_config_folder() {
  return folder_of("XDG_CONFIG_HOME", ".config");
}

fs::path user_data_folder() {
  return folder_of("XDG_DATA_HOME", ".local/share");
}

fs::path user_state_folder() {
  return folder_of("XDG_STATE_HOME", ".local/state");
}

fs::path user_cache_folder() {
  return folder_of("XDG_CACHE_HOME", ".cache");
}

fs::path twcard_in(const fs::path& folder) {
  return folder.empty() ? folder : folder / "twcard";
}

} // namespace twcard
