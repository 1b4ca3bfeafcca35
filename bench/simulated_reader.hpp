// The first virtual reader of a running simulator (scripts/with-stack), by way of `twcard-sim`.
#pragma once

#include <cstdint>
#include <filesystem>

namespace twcard::bench {

struct CardTraffic {
  std::uint64_t apdus = 0;
  std::uint64_t octets = 0;  // both directions, status words included
  double reset_after_ms = 0; // from an answer to the last reset that followed one
};

// Blocks until the reader has powered the card.
void insert_card(const std::filesystem::path& card_file);
void remove_card();
// What the card was asked since it was inserted or since the last call.
[[nodiscard]] CardTraffic take_traffic();

} // namespace twcard::bench
