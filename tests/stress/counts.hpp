// What all processes of the stress program have counted together, in memory that they share.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace twcard::stress {

enum class Work { Initialize, Finalize, List, Search, Digest, Random, Login, Logout, Sign, Decrypt, Events, Fork };
inline constexpr std::array work_names = {"initialize", "finalize", "list", "search",  "digest", "random",
                                          "login",      "logout",   "sign", "decrypt", "events", "fork"};

struct Counts {
  struct OfWork {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> longest_ms{0};
  };
  std::array<OfWork, work_names.size()> work;
  std::atomic<std::uint64_t> signatures{0};    // good ones, as OpenSSL finds
  std::atomic<std::uint64_t> decryptions{0};   // with the right plain text
  std::atomic<std::uint64_t> wrong_results{0}; // signatures and plain texts that are not right
  std::atomic<std::uint64_t> unexpected_codes{0};
  std::atomic<std::uint64_t> broken_children{0}; // of forks in the middle of it all

  void record(Work kind, std::uint64_t milliseconds) {
    auto& counts = work[static_cast<std::size_t>(kind)];
    ++counts.done;
    auto longest = counts.longest_ms.load();
    while (longest < milliseconds && !counts.longest_ms.compare_exchange_weak(longest, milliseconds)) {
    }
  }
  [[nodiscard]] std::uint64_t longest_ms() const {
    std::uint64_t longest = 0;
    for (const auto& of_work : work) longest = std::max(longest, of_work.longest_ms.load());
    return longest;
  }
};

} // namespace twcard::stress
