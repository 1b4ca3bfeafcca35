// One EZ100PU with at most one card in it: what pcscd asks of a reader, without pcscd's types.
#pragma once

#include "driver/ifd/card_parameters.hpp"
#include "driver/ifd/reader_link.hpp"
#include "driver/ifd/t0.hpp"
#include "driver/ifd/t1.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

namespace twcard::ifd {

// Thread safe; wait_for_event() and stop_waiting() run beside the others. Errors as in reader_link.hpp.
class Reader final {
public:
  explicit Reader(std::unique_ptr<Transport> transport);

  // Resets the card and returns its answer to reset. Throws Error(BadCardData) for a malformed answer.
  [[nodiscard]] Bytes power_on();
  void power_off();
  // A card that has lost its power behind our back was pulled out and put in, or swapped, between two calls: it counts
  // as absent once, so that pcscd sees a removal, and the next wait_for_event() returns at once.
  [[nodiscard]] bool card_present();
  // As of the last power_on(); empty without.
  [[nodiscard]] Bytes atr() const;

  // Once after each power_on(): PPS, the reader's parameters, field sizes. Errors besides the link's:
  // UnsupportedCard (choose_parameters), CardRefused (PPS), BadRequest (no card powered).
  void select_protocol(Protocol protocol);
  // One command APDU. Throws Error(BadRequest) when that protocol is not the selected one.
  [[nodiscard]] Bytes transmit(Protocol protocol, ByteView command);

  // Returns when a card may have come or gone, after `longest` at the latest, or after stop_waiting(). Until the
  // interrupt pipe has once brought a notification, and when it fails, the wait is cut to the poll interval.
  void wait_for_event(std::chrono::milliseconds longest);
  void stop_waiting() noexcept { m_transport->stop_waiting(); }

private:
  void agree_on(const CardParameters& parameters);
  void forget_card() noexcept;

  std::unique_ptr<Transport> m_transport;
  ReaderLink m_link;
  mutable std::mutex m_mutex; // all but the interrupt pipe
  Bytes m_atr;
  std::optional<AnswerToReset> m_answer;
  std::variant<std::monostate, T0, T1> m_session;
  ExchangeLevel m_level = ExchangeLevel::Tpdu;
  std::atomic<bool> m_notifies{false};
  std::atomic<bool> m_look_again{false};
};

} // namespace twcard::ifd
