// Folders of the person who runs the program (driver/base/user_folders.hpp). A Failure where there is none.
#pragma once

#include <filesystem>

namespace twcard::cli {

[[nodiscard]] std::filesystem::path home_folder();
[[nodiscard]] std::filesystem::path config_folder();
[[nodiscard]] std::filesystem::path data_folder();

// Under sudo HOME is root's, or its files would become root's. Root without sudo is a person like others.
[[nodiscard]] bool is_under_sudo();
// A Failure then.
void refuse_sudo();

// With everything above it that is missing, 0700.
void make_folder(const std::filesystem::path& folder);

} // namespace twcard::cli
