// A simulated reader at the level of its messages: power, parameters, exchange of TPDUs with the card inside.
#pragma once

#include "simulator/cards/simulated_card.hpp"
#include "simulator/usb/card_t0.hpp"
#include "simulator/usb/card_t1.hpp"
#include "simulator/usb/reader_kind.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace twcard::simulator {

// Changes what the card sends or hears on its way; nothing: it gets lost. For tests.
using LineFault = std::function<std::optional<Bytes>(Bytes octets)>;

class UsbReader final {
public:
  explicit UsbReader(const ReaderKind& kind) : m_kind(kind) {}

  void insert(std::shared_ptr<SimulatedCard> card);
  void remove();
  [[nodiscard]] const std::shared_ptr<SimulatedCard>& card() const noexcept { return m_card; }
  [[nodiscard]] const ReaderKind& kind() const noexcept { return m_kind; }

  // One message from the host, and the reader's answer; nothing for octets that are no message.
  [[nodiscard]] std::optional<Bytes> answer(ByteView message);
  // What the interrupt pipe has to say since the last call.
  [[nodiscard]] std::optional<Bytes> take_notification();

  // Bends what the card answers from now on.
  void set_line_fault(LineFault fault) { m_fault = std::move(fault); }
  // Of the cards that are powered from now on.
  void set_habits(const std::optional<T1Habits>& habits) { m_habits = habits; }

private:
  struct Outcome;
  [[nodiscard]] Outcome power_on();
  [[nodiscard]] Outcome transfer(ByteView octets);
  [[nodiscard]] Outcome set_parameters(std::uint8_t protocol, ByteView structure);
  [[nodiscard]] Outcome carry_out(std::uint8_t order, std::uint8_t protocol, ByteView data);
  void start_protocol(int number);
  void cut_power();

  const ReaderKind& m_kind;
  std::shared_ptr<SimulatedCard> m_card;
  bool m_powered = false;
  bool m_negotiable = false; // since the reset nothing but a PPS has been sent
  std::variant<std::monostate, CardT0, CardT1> m_protocol;
  Bytes m_parameters;
  bool m_changed = false;
  LineFault m_fault;
  std::optional<T1Habits> m_habits;
};

} // namespace twcard::simulator
