// What this machine has seen of cards' PIN counters. No known command reads one (control C23): the remaining attempts
// are unknown until the card has refused a PIN, and are then remembered, also over restarts, until a right PIN has
// filled the counter again. A count stands under every identity of the card (CardIdentity), because the next insertion
// may show fewer of them; the lowest one counts.
//
// Another machine may have used tries, or filled the counter, meanwhile: this is what is known, and no more.
// Thread safe. Blocks for the disk when something changes.
#pragma once

#include "daemon/card/readers/token.hpp"
#include "driver/base/store_folder.hpp"

#include <deque>
#include <mutex>
#include <optional>

namespace twcard::service {

class TriesMemory final {
public:
  // Of more, those that were refused the longest time ago are forgotten.
  static constexpr std::size_t max_identities = 1024;
  static constexpr const char* file_name = "tries.json";

  // Kept in `folder`; in memory alone where that is empty or cannot be used. A damaged file is set aside.
  explicit TriesMemory(std::filesystem::path folder);

  // 0: the card is locked. Of a card without any identity the kind is remembered, for good: nobody knows which of its
  // cards a later right PIN belongs to.
  void refused(const CardIdentity& card, int tries_left);
  void accepted(const CardIdentity& card);
  // nullopt: unknown, as always for a card without any identity.
  [[nodiscard]] std::optional<int> tries_left(const CardIdentity& card) const;
  // Whether the next wrong PIN is known to lock the card, or may: a card without any identity is of a kind of which one
  // has refused a PIN.
  [[nodiscard]] bool may_be_last(const CardIdentity& card) const;

private:
  struct Entry {
    Bytes identity;
    int tries_left = 0;
  };
  [[nodiscard]] static std::deque<Entry> read(ByteView content);
  void write() const;
  void remember(const Bytes& identity, int tries_left);

  StoreFolder m_folder;
  mutable std::mutex m_mutex;
  std::deque<Entry> m_entries; // the last refused one is the last
};

} // namespace twcard::service
