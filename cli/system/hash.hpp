// The hash of a file, made here: the file itself never goes to the service.
#pragma once

#include "driver/base/bytes.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace twcard::cli {

enum class HashFunction { Sha256, Sha384, Sha512 };

// "SHA-256" and the like, also "sha256". Throws a usage Failure for other names.
[[nodiscard]] HashFunction hash_function_of(std::string_view name);
// "SHA-256", as in the service protocol.
[[nodiscard]] std::string_view name_of(HashFunction function);

// Reads the file in pieces, so its size does not matter. Throws a file Failure.
[[nodiscard]] Bytes hash_of_file(const std::filesystem::path& file, HashFunction function);

} // namespace twcard::cli
