#include "simulator/usb/card_t0.hpp"

#include <algorithm>
#include <utility>

namespace twcard::simulator {

namespace {

constexpr std::size_t header = 5;
constexpr std::uint8_t get_response_instruction = 0xC0;
constexpr std::size_t status_word = 2;

Bytes more_waits(std::size_t count) {
  return {0x61, static_cast<std::uint8_t>(count < 256 ? count : 0)};
}

} // namespace

Bytes CardT0::answer(ByteView tpdu) {
  if (tpdu.size() < header) return {};
  const std::size_t p3 = tpdu[4];
  const bool outgoing = tpdu.size() > header;
  if (outgoing && tpdu.size() != header + p3) return {};
  if (!outgoing && tpdu[1] == get_response_instruction && !m_waiting.empty()) return get_response(p3 == 0 ? 256 : p3);
  m_waiting.clear();
  Bytes command = to_bytes(tpdu);
  if (outgoing) command.push_back(0x00); // room for whatever the application has to say
  Bytes response = m_application(command);
  if (!outgoing || response.size() <= status_word) return response;
  m_waiting = std::move(response);
  return more_waits(m_waiting.size() - status_word);
}

Bytes CardT0::get_response(std::size_t wanted) {
  const std::size_t there = m_waiting.size() - status_word;
  if (wanted > there) return {0x6C, static_cast<std::uint8_t>(there)};
  Bytes answer(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(wanted));
  if (wanted == there) {
    answer.insert(answer.end(), m_waiting.end() - status_word, m_waiting.end());
    m_waiting.clear();
    return answer;
  }
  m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(wanted));
  const Bytes status = more_waits(m_waiting.size() - status_word);
  answer.insert(answer.end(), status.begin(), status.end());
  return answer;
}

} // namespace twcard::simulator
