// The file of the settings of the old interfaces (rpc/legacy/settings.hpp), read without trusting it.
#pragma once

#include "rpc/legacy/settings.hpp"

namespace twcard::web {

// rpc::legacy_settings_file() of the folder; no file: everything is off. Throws Error(BadRequest) that says what is
// wrong, also for a file that is not this user's, that others may write, or of more than 64 KiB.
[[nodiscard]] rpc::LegacySettings read_legacy_settings(const std::filesystem::path& folder);

} // namespace twcard::web
