#include "simulator/crypto/key_source.hpp"

#include "driver/base/error.hpp"

#include <array>
#include <sstream>

namespace twcard::simulator {

namespace {

#include "simulator/crypto/test_primes.inc"

// Key `number` of the pool, below size * (size / 2 - 1) for `size` primes: a prime and the one some places further on
// in the circle, all pairs with a distance of one before those with a distance of two. Below half of the circle no pair
// comes twice.
template <std::size_t size>
RsaKey pool_key(const std::array<const char*, size>& primes, std::size_t number) {
  const auto first = number % size;
  const auto distance = number / size + 1;
  return RsaKey::from_primes(primes[first], primes[(first + distance) % size]);
}

template <std::size_t size>
constexpr std::size_t keys_of(const std::array<const char*, size>&) {
  return size * (size / 2 - 1);
}

} // namespace

KeySource KeySource::pool() {
  auto place = std::make_shared<Place>();
  for (const auto octet : random_octets(2)) place->start = place->start << 8 | octet;
  return KeySource(std::move(place));
}

KeySource KeySource::pool_from_text(const std::string& text) {
  auto place = std::make_shared<Place>();
  std::uint32_t given = 0;
  std::istringstream in(text);
  if (!(in >> place->start >> given)) throw Error(Errc::BadRequest, "not a place in the pool of test keys");
  place->given = given;
  return KeySource(std::move(place));
}

KeySource KeySource::of_this_process() {
  static const auto source = pool();
  return source;
}

KeySource KeySource::generating() {
  return KeySource(nullptr);
}

RsaKey KeySource::next(unsigned bits) const {
  if (generates()) return RsaKey::generate(bits);
  const std::size_t given = m_place->given++;
  const auto from = [&](const auto& primes) {
    const auto keys = keys_of(primes);
    return given < keys ? pool_key(primes, (m_place->start + given) % keys) : RsaKey::generate(bits);
  };
  return bits == 4096 ? from(primes_of_2048_bits) : from(primes_of_1024_bits);
}

std::string KeySource::to_text() const {
  return std::to_string(m_place->start) + " " + std::to_string(m_place->given) + "\n";
}

} // namespace twcard::simulator
