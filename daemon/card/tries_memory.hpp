// What this machine has seen of a card's PIN counter. No known command reads it (control C23): tries left are unknown
// until the card has refused a PIN, and then remembered by a hash of the card number while the service runs.
#pragma once

#include "driver/base/bytes.hpp"

#include <map>
#include <optional>

namespace twcard::service {

class TriesMemory final {
public:
  void refused(const Bytes& card, int tries_left) { m_tries[card] = tries_left; }
  // After a right PIN the counter is full again; a locked card says so by itself and may be unlocked elsewhere.
  void forget(const Bytes& card) { m_tries.erase(card); }
  [[nodiscard]] std::optional<int> tries_left(const Bytes& card) const {
    const auto found = m_tries.find(card);
    return found == m_tries.end() ? std::nullopt : std::optional(found->second);
  }

private:
  std::map<Bytes, int> m_tries;
};

} // namespace twcard::service
