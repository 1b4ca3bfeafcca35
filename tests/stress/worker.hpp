// One process of the stress program: threads that do random things with the module until the time is over.
#pragma once

#include "tests/stress/counts.hpp"
#include "tests/stress/public_key.hpp"

#include <chrono>
#include <string>

namespace twcard::stress {

struct Plan {
  std::string module;
  std::string pin;
  int threads = 1;
  std::chrono::steady_clock::time_point end;
  unsigned seed = 0; // of the first thread
  PublicKey sign_key;
  PublicKey cipher_key;
};

// The exit status of the process.
int run_worker(const Plan& plan, Counts& counts);

} // namespace twcard::stress
