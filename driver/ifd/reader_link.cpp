#include "driver/ifd/reader_link.hpp"

#include "driver/base/error.hpp"
#include "driver/base/secure_bytes.hpp"

#include <algorithm>

namespace twcard::ifd {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds usb_time{2000};   // for what the reader does without the card
constexpr milliseconds power_time{5000}; // a card has 40,000 clocks, a reader adds its own
constexpr std::chrono::minutes longest_wait{5};
constexpr std::uint8_t five_volt = 0x01;
constexpr std::uint8_t atr_prefix = 0x00;
constexpr int stale_answers = 8;

void require(const Answer& answer, AnswerType type, const char* what) {
  if (answer.failed && answer.presence == Presence::Absent) throw Error(Errc::CardRemoved, what);
  if (answer.failed || answer.type != type) throw Error(Errc::BadCardData, what);
}

} // namespace

Answer ReaderLink::ask(Order order, std::array<std::uint8_t, 3> parameters, ByteView data, milliseconds timeout) {
  ++m_sequence;
  Bytes message = encode_order(order, m_sequence, parameters, data);
  try {
    m_transport.send(message, usb_time);
  } catch (...) {
    wipe(message.data(), message.size());
    throw;
  }
  wipe(message.data(), message.size());
  milliseconds granted{0};
  milliseconds wait = timeout;
  for (;;) {
    Answer answer = receive_own(wait);
    if (!answer.more_time) return answer;
    wait = timeout * std::max<int>(answer.error, 1);
    granted += wait;
    if (granted > longest_wait) throw Error(Errc::BadCardData, "the card asks for too much time");
  }
}

Answer ReaderLink::receive_own(milliseconds timeout) {
  // An order that ran into its deadline may still be answered later: that answer is not for us.
  for (int answers = 0; answers < stale_answers; ++answers) {
    auto answer = decode_answer(m_transport.receive(timeout));
    if (!answer) throw Error(Errc::BadCardData, "malformed reply from the reader");
    if (answer->slot == 0 && answer->sequence == m_sequence) return std::move(*answer);
  }
  throw Error(Errc::BadCardData, "the reader answers to something else");
}

Bytes ReaderLink::power_on() {
  Answer answer = ask(Order::PowerOn, {five_volt, 0, 0}, {}, power_time);
  require(answer, AnswerType::DataBlock, "power-on");
  Bytes& atr = answer.data;
  if (!atr.empty() && atr.front() == atr_prefix) atr.erase(atr.begin());
  return std::move(atr);
}

void ReaderLink::power_off() {
  require(ask(Order::PowerOff, {}, {}, usb_time), AnswerType::SlotStatus, "power-off");
}

Presence ReaderLink::presence() {
  const Answer answer = ask(Order::SlotStatus, {}, {}, usb_time);
  // Some readers mark the status of an empty slot as a failed order: what counts is the state.
  if (answer.type != AnswerType::SlotStatus) throw Error(Errc::BadCardData, "slot status");
  return answer.presence;
}

void ReaderLink::set_parameters(Protocol protocol, ByteView structure) {
  const Answer answer = ask(Order::SetParameters, {static_cast<std::uint8_t>(protocol), 0, 0}, structure, usb_time);
  require(answer, AnswerType::Parameters, "parameters");
}

Bytes ReaderLink::exchange(ByteView octets, std::size_t expected, unsigned extension) {
  if (octets.size() > longest_data || expected > longest_data)
    throw Error(Errc::BadRequest, "more than a message of the reader takes");
  const auto factor = static_cast<std::uint8_t>(std::clamp(extension, 1U, 255U));
  const std::array<std::uint8_t, 3> parameters{factor, static_cast<std::uint8_t>(expected & 0xFF),
                                               static_cast<std::uint8_t>(expected >> 8)};
  Answer answer = ask(Order::Transfer, parameters, octets, m_waiting_time * factor + usb_time);
  if (answer.failed && answer.presence != Presence::Absent &&
      (answer.error == slot_error::mute || answer.error == slot_error::parity || answer.error == slot_error::overrun))
    return {};
  require(answer, AnswerType::DataBlock, "transfer");
  return std::move(answer.data);
}

} // namespace twcard::ifd
