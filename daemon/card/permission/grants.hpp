// Permanent consents to read that a person has given a site (control C6, docs/decisions/009): this site may read
// this of this card without a question. Never to sign, log in, decrypt or prove the card, and never to a program.
//
// A grant holds for the origin, the operation, the card (by the SHA-256 of its number), and for nhi.read the fields
// that were agreed to. Kept over restarts; what is not used for half a year ends. Another program of this user can
// write the file: SECURITY.md, "another program of the same user". One strand. Blocks for the disk when something
// changes, and at the first use of a grant on a day.
#pragma once

#include "daemon/card/person/consent.hpp"
#include "driver/base/store_folder.hpp"

#include <chrono>
#include <deque>
#include <functional>

namespace twcard::service {

struct Grant {
  std::string origin;
  Operation operation = Operation::NhiRead;
  Bytes card;                      // SHA-256 of the card number
  std::vector<std::string> fields; // NhiRead: in the order of the service protocol; others: none
  std::chrono::sys_days given;
  std::chrono::sys_days used;
};

class Grants final {
public:
  // Of more, the ones that were used the longest time ago are forgotten.
  static constexpr std::size_t max_grants = 256;
  static constexpr std::chrono::days unused_limit{180};
  static constexpr const char* file_name = "grants.json";
  using Today = std::function<std::chrono::sys_days()>;

  [[nodiscard]] static std::chrono::sys_days today(); // UTC

  // Kept in `folder`; in memory alone where that is empty or cannot be used. A damaged file is set aside: then nothing
  // is granted.
  explicit Grants(std::filesystem::path folder, Today today_is = today);

  // Whether consent to this operation is one that may be remembered at all, for this caller.
  [[nodiscard]] static bool may_hold(const ConsentQuestion& question);
  // Whether there is a grant that covers the question, for some card.
  [[nodiscard]] bool cover_for_some_card(const ConsentQuestion& question) const;
  // The same for this card. A card without a number (an empty hash) has no grants.
  [[nodiscard]] bool cover(const ConsentQuestion& question, const Bytes& card) const;
  // A covered question has been answered.
  void used(const ConsentQuestion& question, const Bytes& card);
  // Fields are added to those that the site was granted for this card before. Without effect for a question that may
  // not be remembered, and for a card without a number.
  void give(const ConsentQuestion& question, const Bytes& card);

  // By origin.
  [[nodiscard]] std::vector<Grant> all() const;
  // Those of an origin, or (nullopt) all; how many there were. Where the rest cannot be written, none is kept. Throws
  // Internal when the file cannot be removed either: the service has forgotten them, and would know them again after a
  // restart.
  std::size_t revoke(const std::optional<std::string>& origin);
  // How often that was done, for whatever site: what was asked before it is not remembered after it.
  [[nodiscard]] std::uint64_t revocations() const noexcept { return m_revocations; }

private:
  [[nodiscard]] std::deque<Grant> read(ByteView content) const;
  [[nodiscard]] bool alive(const Grant& grant) const;
  [[nodiscard]] std::deque<Grant>::iterator find(const ConsentQuestion& question, const Bytes& card);
  bool write();

  StoreFolder m_folder;
  Today m_today;
  std::deque<Grant> m_grants; // the last used one is the last
  std::uint64_t m_revocations = 0;
};

// "2026-11-22".
[[nodiscard]] std::string day_text(std::chrono::sys_days day);

} // namespace twcard::service
