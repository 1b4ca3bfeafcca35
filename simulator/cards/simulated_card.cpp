#include "simulator/cards/simulated_card.hpp"

#include <utility>

namespace twcard::simulator {

namespace {

std::optional<apdu::CommandApdu> well_formed(ByteView command) {
  try {
    return apdu::CommandApdu::decode(command);
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace

Bytes SimulatedCard::atr() const {
  const std::lock_guard lock(m_mutex);
  return m_atr.empty() ? m_applet->atr() : m_atr;
}

void SimulatedCard::answer_reset_with(Bytes atr) {
  const std::lock_guard lock(m_mutex);
  m_next_atr = std::move(atr);
}

void SimulatedCard::reset() {
  const std::lock_guard lock(m_mutex);
  ++m_counters.resets;
  if (m_answered)
    m_counters.reset_after =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - *m_answered);
  m_answered.reset();
  m_atr = m_next_atr;
  m_applet->reset();
}

Bytes SimulatedCard::transmit(ByteView command) {
  const std::lock_guard lock(m_mutex);
  ++m_counters.apdus;
  m_counters.octets_in += command.size();
  apdu::ResponseApdu response{{}, apdu::sw::wrong_length};
  if (const auto decoded = well_formed(command)) {
    ++m_counters.by_instruction[decoded->ins];
    response = m_applet->process(*decoded, m_counters);
  }
  auto octets = response.encode();
  m_counters.octets_out += octets.size();
  m_answered = std::chrono::steady_clock::now();
  return octets;
}

Counters SimulatedCard::counters() const {
  const std::lock_guard lock(m_mutex);
  return m_counters;
}

void SimulatedCard::reset_counters() {
  const std::lock_guard lock(m_mutex);
  m_counters = {};
}

} // namespace twcard::simulator
