// Files that the person names. What fails is a file Failure that names the file and the reason.
#pragma once

#include "cli/frame/failure.hpp"
#include "driver/base/bytes.hpp"

#include <filesystem>

namespace twcard::cli {

// With the reason that errno has.
[[nodiscard]] Failure cannot_read(const std::filesystem::path& file);
[[nodiscard]] Failure cannot_write(const std::filesystem::path& file);

// A small file as a whole; refuses one over `limit` octets.
[[nodiscard]] Bytes read_file(const std::filesystem::path& file, std::size_t limit);

// Refuses to touch a file that is there, unless `overwrite`. To be asked before the person is, so that an answer or a
// PIN is not spent for nothing.
void check_writable(const std::filesystem::path& file, bool overwrite);
// A new file, or with `overwrite` in the place of an old one; what cannot be written as a whole is not left behind.
void write_file(const std::filesystem::path& file, ByteView content, bool overwrite);
// For its owner alone (0600), from its first octet on, and put in the place of an old one as a whole.
void write_private_file(const std::filesystem::path& file, ByteView content);

} // namespace twcard::cli
