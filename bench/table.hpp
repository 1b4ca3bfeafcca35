// The table of docs/performance.md, as the bench programs print it.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace twcard::bench {

struct Row {
  std::string what;
  std::string measured;
  std::string goal{};
  bool counted = false; // a miss fails --check: it does not depend on the machine's speed
  bool reached = true;
};

struct Times {
  double median_ms = 0;
  double p99_ms = 0;
};
[[nodiscard]] Times times_of(std::vector<std::chrono::nanoseconds> measured);
[[nodiscard]] std::string text_of(const Times& times); // "median 0.1 ms, p99 0.2 ms"

void print_head();
void print(std::span<const Row> rows);
// Whether a counted goal is missed.
[[nodiscard]] bool missed(std::span<const Row> rows);

} // namespace twcard::bench
