// What this machine has seen of a card's PIN counter. No known command reads it (control C23): tries left are unknown
// until the card has refused a PIN, and then remembered by a hash of the card number while the service runs.
#pragma once

#include "driver/base/bytes.hpp"

#include <map>
#include <optional>
#include <string>

namespace twcard::service {

class TriesMemory final {
public:
  // Nothing is remembered for a card without a number (an empty hash).
  void refused(const Bytes& card, int tries_left) {
    if (!card.empty()) m_tries[to_hex(card)] = tries_left;
  }
  // After a right PIN the counter is full again; a locked card says so by itself and may be unlocked elsewhere.
  void forget(const Bytes& card) { m_tries.erase(to_hex(card)); }
  [[nodiscard]] std::optional<int> tries_left(const Bytes& card) const {
    const auto found = m_tries.find(to_hex(card));
    return found == m_tries.end() ? std::nullopt : std::optional(found->second);
  }

private:
  std::map<std::string, int> m_tries;
};

} // namespace twcard::service
