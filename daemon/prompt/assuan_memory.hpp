// Memory for libassuan: its line buffer holds the PIN as pinentry sends it, so every block is a SecureBytes of its own
// (locked, left out of cores, wiped when it is given back). Control C29 of SECURITY.md.
#pragma once

#include <assuan.h>

namespace twcard::prompt {

[[nodiscard]] assuan_malloc_hooks_t secure_malloc_hooks() noexcept;

} // namespace twcard::prompt
