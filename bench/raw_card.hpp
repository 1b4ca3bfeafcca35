// The same card through plain libpcsclite: what a round trip costs without a service.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace twcard::bench {

class RawCard final {
public:
  // Connects, shared. Throws std::runtime_error with the PC/SC code.
  explicit RawCard(const std::string& reader);
  ~RawCard();
  RawCard(const RawCard&) = delete;
  RawCard& operator=(const RawCard&) = delete;

  // Begin a transaction, GET CHALLENGE (80 84 00 00 08), end it leaving the card as it is: what token.random does.
  // The time that it took.
  [[nodiscard]] std::chrono::nanoseconds get_challenge() const;

  // SELECT of each file of the path, then READ BINARY of `size` octets, 200 at a time, each octet once. The octets
  // read.
  std::size_t read_file(std::span<const std::uint16_t> path, std::size_t size) const;

  // Waits until nobody holds the card, reset by its last user or not.
  void take_turn() const;

private:
  // Throws std::runtime_error unless the card answers 9000; the octets before that.
  std::size_t transmit(std::span<const std::uint8_t> command) const;

  long m_context = 0;
  long m_card = 0;
  unsigned long m_protocol = 0;
};

} // namespace twcard::bench
