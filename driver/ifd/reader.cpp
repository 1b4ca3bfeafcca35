#include "driver/ifd/reader.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <thread>

namespace twcard::ifd {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_interval{400};
// A reader of the TPDU level follows NULL bytes itself and need not tell: the card may compute for as long.
constexpr milliseconds silent_computation{30'000};
constexpr std::uint8_t our_field_size = 252;

} // namespace

Reader::Reader(std::unique_ptr<Transport> transport) : m_transport(std::move(transport)), m_link(*m_transport) {}

void Reader::forget_card() noexcept {
  m_session.emplace<std::monostate>();
  m_answer.reset();
  m_atr.clear();
}

Bytes Reader::power_on() {
  const std::lock_guard lock(m_mutex);
  forget_card();
  Bytes octets = m_link.power_on();
  m_answer = parse_atr(octets);
  if (!m_answer) throw Error(Errc::BadCardData, "malformed answer to reset");
  m_atr = std::move(octets);
  return m_atr;
}

void Reader::power_off() {
  const std::lock_guard lock(m_mutex);
  forget_card();
  m_link.power_off();
}

bool Reader::card_present() {
  const std::lock_guard lock(m_mutex);
  const Presence presence = m_link.presence();
  if (presence == Presence::Inactive && m_answer) {
    forget_card();
    m_look_again = true;
    return false;
  }
  return presence != Presence::Absent;
}

Bytes Reader::atr() const {
  const std::lock_guard lock(m_mutex);
  return m_atr;
}

void Reader::select_protocol(Protocol protocol) {
  const std::lock_guard lock(m_mutex);
  if (!m_answer) throw Error(Errc::BadRequest, "no card is powered");
  m_session.emplace<std::monostate>();
  const CardParameters parameters = choose_parameters(*m_answer, protocol);
  agree_on(parameters);
  if (protocol == Protocol::T0) {
    m_link.set_waiting_time(m_level == ExchangeLevel::Tpdu ? silent_computation : parameters.waiting_time);
    m_session.emplace<T0>(m_link, m_level, parameters.waiting_time);
    return;
  }
  m_link.set_waiting_time(parameters.waiting_time);
  T1 session(m_link, {.ifsc = m_answer->ifsc, .block_waiting_time = parameters.waiting_time});
  session.announce_field_size(our_field_size);
  m_session.emplace<T1>(session);
}

void Reader::agree_on(const CardParameters& parameters) {
  if (parameters.request_needed) {
    m_link.set_waiting_time(milliseconds(1100)); // initial waiting time: 9600 elementary time units
    const Bytes request = parameter_request(parameters);
    if (m_link.exchange(request, request.size(), 1) != request)
      throw Error(Errc::CardRefused, "the card does not agree to the parameters");
  }
  m_link.set_parameters(parameters.protocol, parameter_structure(*m_answer, parameters));
}

Bytes Reader::transmit(Protocol protocol, ByteView command) {
  const std::lock_guard lock(m_mutex);
  if (protocol == Protocol::T1) {
    if (auto* session = std::get_if<T1>(&m_session)) return session->transceive(command);
  } else if (auto* session = std::get_if<T0>(&m_session)) {
    return session->transceive(command);
  }
  throw Error(Errc::BadRequest, "this protocol has not been selected");
}

void Reader::wait_for_event(milliseconds longest) {
  if (m_look_again.exchange(false)) return;
  const milliseconds time = m_notifies ? longest : std::min(longest, poll_interval);
  const auto end = std::chrono::steady_clock::now() + time;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    const Transport::Notification notification = m_transport->wait_notification(left);
    switch (notification.wake) {
    case Transport::Wake::Notification:
      if (!announces_change(notification.octets)) continue;
      m_notifies = true;
      return;
    case Transport::Wake::PipeFailed:
      m_notifies = false;
      std::this_thread::sleep_for(std::min(left, poll_interval));
      return;
    case Transport::Wake::Timeout:
    case Transport::Wake::Stopped: return;
    }
  }
}

} // namespace twcard::ifd
