// The hash of a file, made here: the file itself never goes to the service.
#pragma once

#include "driver/crypto/digest.hpp"

#include <filesystem>
#include <string_view>

namespace twcard::cli {

using crypto::HashFunction;
using crypto::name_of;

// SHA-256, SHA-384 or SHA-512, also as "sha256". Throws a usage Failure for other names.
[[nodiscard]] HashFunction hash_function_of(std::string_view name);

// Reads the file in pieces, so its size does not matter. Throws a file Failure.
[[nodiscard]] Bytes hash_of_file(const std::filesystem::path& file, HashFunction function);

} // namespace twcard::cli
