#include "bench/table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::bench {

Times times_of(std::vector<std::chrono::nanoseconds> measured) {
  std::sort(measured.begin(), measured.end());
  const auto at = [&](std::size_t percent) {
    return std::chrono::duration<double, std::milli>(measured[measured.size() * percent / 100]).count();
  };
  return {at(50), at(99)};
}

std::string text_of(const Times& times) {
  return fmt::format("median {:.3f} ms, p99 {:.3f} ms", times.median_ms, times.p99_ms);
}

void print_head() {
  fmt::print("| what | measured | goal | |\n|---|---|---|---|\n");
}

void print(std::span<const Row> rows) {
  for (const auto& row : rows)
    fmt::print("| {} | {} | {} | {} |\n", row.what, row.measured, row.goal,
               row.goal.empty() ? ""
               : row.reached    ? "reached"
                                : "**missed**");
}

bool missed(std::span<const Row> rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.counted && !row.reached; });
}

} // namespace twcard::bench
