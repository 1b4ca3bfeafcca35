// Exclusive use of a card for a few commands.
//
// Once a PIN was sent, the transaction ends with a card reset, so that no other program inherits the login (measured:
// ended with SCARD_LEAVE_CARD a card stays logged in for everybody). That holds on every way out, exceptions included.
#pragma once

#include "driver/apdu/command_apdu.hpp"
#include "driver/reader/card_channel.hpp"

#include <chrono>

namespace twcard::reader {

class Transaction final {
public:
  // Blocks until the card is free; throws what CardChannel::begin throws. `limit` is the deadline for all commands of
  // the transaction together, from when the card is ours: a command that would start after it throws Error(Timeout).
  explicit Transaction(CardChannel& channel, std::chrono::milliseconds limit = std::chrono::seconds(30));
  // As above, for a caller who waits no longer than this: what it has stopped waiting for is not sent to the card.
  Transaction(CardChannel& channel, std::chrono::steady_clock::time_point deadline);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Sends one command as it is (no GET RESPONSE, no retry: iso7816.hpp has those) and logs its opcode, status word and
  // duration.
  [[nodiscard]] apdu::ResponseApdu transmit(const apdu::CommandApdu& command);
  // For what follows, where one transaction serves several callers.
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept { m_deadline = deadline; }
  // To be called before a command that carries a PIN: from then on the transaction ends with a reset.
  void pin_follows() noexcept { m_pin_sent = true; }
  // Whether a key of the card can be used now without a PIN: it was verified in this transaction, and nothing since
  // then has selected another file. Set by the card's driver.
  [[nodiscard]] bool logged_in() const noexcept { return m_logged_in; }
  void set_logged_in(bool logged_in) noexcept { m_logged_in = logged_in; }
  [[nodiscard]] Bytes atr() const { return m_channel.atr(); }

private:
  CardChannel& m_channel;
  std::chrono::steady_clock::time_point m_deadline;
  bool m_pin_sent = false;
  bool m_logged_in = false;
};

} // namespace twcard::reader
