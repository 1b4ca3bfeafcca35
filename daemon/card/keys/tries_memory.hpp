// What this machine has seen of cards' PIN counters. No known command reads one (control C23): tries left are unknown
// until the card has refused a PIN, and are then remembered, over restarts too, by a hash of the card number, until a
// right PIN has filled the counter again.
//
// Another machine may have used tries, or filled the counter, meanwhile: this is what is known, and no more.
// Thread safe. Blocks for the disk when something changes.
#pragma once

#include "driver/base/store_folder.hpp"

#include <deque>
#include <mutex>
#include <optional>

namespace twcard::service {

class TriesMemory final {
public:
  // The cards whose refusals are remembered; of more, the ones that were refused the longest time ago are forgotten.
  static constexpr std::size_t max_cards = 256;
  static constexpr const char* file_name = "tries.json";

  // Kept in `folder`; in memory alone where that is empty or cannot be used. A damaged file is set aside.
  explicit TriesMemory(std::filesystem::path folder);

  // `card` is a SHA-256. Nothing is remembered for a card without a number (an empty one). 0: the card is locked.
  void refused(const Bytes& card, int tries_left);
  void accepted(const Bytes& card);
  [[nodiscard]] std::optional<int> tries_left(const Bytes& card) const;

private:
  struct Entry {
    Bytes card;
    int tries_left = 0;
  };
  [[nodiscard]] static std::deque<Entry> read(ByteView content);
  void write() const;

  StoreFolder m_folder;
  mutable std::mutex m_mutex;
  std::deque<Entry> m_cards; // the last refused one is the last
};

} // namespace twcard::service
