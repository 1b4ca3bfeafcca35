// Programs of the system that a command calls.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard::cli {

// The first of these folders, then of PATH, that has an executable file of this name. Relative folders do not count.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name,
                                                                std::vector<std::filesystem::path> folders = {});

struct Ended {
  int status = -1;    // exit status; -1 when a signal ended it
  std::string output; // of both streams, at most 64 KiB of it
};

// Runs it to its end, with nothing to read. Blocks as long as it takes. Throws Failure when it cannot be started.
[[nodiscard]] Ended run_to_end(const std::filesystem::path& program, const std::vector<std::string>& arguments);

} // namespace twcard::cli
