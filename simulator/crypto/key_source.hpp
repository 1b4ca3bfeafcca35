// Where the RSA keys of simulated cards and their authorities come from. Generating one takes a tenth of a second (2048
// bits) to some seconds (4096 bits), so they come from a pool of PUBLISHED TEST KEYS unless new ones are asked for: a
// key of the pool protects nothing, anybody can compute it.
//
// The pool is a list of primes (test_primes.inc). The number of a key says which two of them it is made of: 128 primes
// of 1024 bits make 8064 keys of 2048 bits, 64 of 2048 bits make 1984 keys of 4096 bits.
#pragma once

#include "simulator/crypto/crypto.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace twcard::simulator {

// Gives each key once. Copies of a source share what it has given; it may be used by several threads.
class KeySource final {
public:
  // The pool, from a random place on, so that two sources rarely have a key in common. Keys are generated once the pool
  // is used up.
  [[nodiscard]] static KeySource pool();
  // The pool as it was when `text` was written by to_text(). Throws Error(BadRequest) when it was not.
  [[nodiscard]] static KeySource pool_from_text(const std::string& text);
  // The source that everything in this process shares: no two cards made here have a key in common.
  [[nodiscard]] static KeySource of_this_process();
  // A new key each time.
  [[nodiscard]] static KeySource generating();

  // `bits` is 2048 or 4096.
  [[nodiscard]] RsaKey next(unsigned bits = 2048) const;

  // Where in the pool the source is, on one line. Not for a source that generates.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] bool generates() const { return m_place == nullptr; }

private:
  struct Place {
    std::uint32_t start = 0;
    std::atomic<std::uint32_t> given{0};
  };
  explicit KeySource(std::shared_ptr<Place> place) : m_place(std::move(place)) {}
  std::shared_ptr<Place> m_place; // null: generates
};

} // namespace twcard::simulator
