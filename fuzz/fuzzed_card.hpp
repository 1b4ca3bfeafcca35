// A card line whose answers are the fuzzer's octets: one octet of length, then the answer; at the end silence.
#pragma once

#include "driver/ifd/card_line.hpp"

#include <algorithm>

namespace twcard::fuzz {

class FuzzedCard final : public ifd::CardLine {
public:
  explicit FuzzedCard(ByteView octets) : m_octets(octets) {}

  Bytes exchange(ByteView, std::size_t, unsigned) override {
    if (m_octets.empty()) return {};
    const std::size_t length = std::min<std::size_t>(m_octets[0], m_octets.size() - 1);
    Bytes answer = to_bytes(m_octets.subspan(1, length));
    m_octets = m_octets.subspan(1 + length);
    return answer;
  }

private:
  ByteView m_octets;
};

} // namespace twcard::fuzz
