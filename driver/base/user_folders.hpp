// Folders of the user of this process (XDG Base Directory Specification 0.8, which wants a relative path ignored).
#pragma once

#include <filesystem>

namespace twcard {

// The variable of the environment; empty when it is not set or not an absolute path.
[[nodiscard]] std::filesystem::path absolute_path_in(const char* variable);

[[nodiscard]] std::filesystem::path user_home_folder(); // $HOME

// Each empty when neither its variable nor HOME names a folder.
[[nodiscard]] std::filesystem::path user_config_folder(); // $XDG_CONFIG_HOME, or ~/.config
[[nodiscard]] std::filesystem::path user_data_folder();   // $XDG_DATA_HOME, or ~/.local/share
[[nodiscard]] std::filesystem::path user_state_folder();  // $XDG_STATE_HOME, or ~/.local/state
[[nodiscard]] std::filesystem::path user_cache_folder();  // $XDG_CACHE_HOME, or ~/.cache

// Our own part of such a folder: empty stays empty.
[[nodiscard]] std::filesystem::path twcard_in(const std::filesystem::path& folder);

} // namespace twcard
