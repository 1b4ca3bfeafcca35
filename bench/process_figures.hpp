// What the kernel says about a running process.
#pragma once

#include <cstdint>
#include <sys/types.h>

namespace twcard::bench {

// VmRSS, in KiB: including the pages of libraries that other programs share.
[[nodiscard]] std::uint64_t resident_kib(pid_t process);
// RssAnon, in KiB: what is in no file.
[[nodiscard]] std::uint64_t anonymous_kib(pid_t process);
// Voluntary context switches of all threads together: each is a wake-up that is over.
[[nodiscard]] std::uint64_t wake_ups(pid_t process);

} // namespace twcard::bench
