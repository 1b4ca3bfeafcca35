// A card that plays one scenario of ISO/IEC 7816-3:2006 annex A, written down in the annex's own notation.
//
// Blocks: I(N,M) with sequence number and more-data bit, I(N,M) LEN=00 without information field, R(N),
// S(WTX request), S(WTX response), IFS, ABORT and RESYNCH likewise. A mark ~ before a block: it arrives bent. What the
// interface device sends is compared with the script; the error bits of an R-block are its own choice.
#pragma once

#include "driver/base/error.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

#include <map>

namespace twcard::ifd::tests {

class AnnexCard final : public CardLine {
public:
  struct Exchange {
    std::string sent;
    std::string answer;
  };
  explicit AnnexCard(std::vector<Exchange> scenario) : m_scenario(scenario.begin(), scenario.end()) {}
  ~AnnexCard() override { BOOST_TEST(m_scenario.size() == 0U, "exchanges of the scenario were left"); }

  Bytes exchange(ByteView octets, std::size_t, unsigned extension) override {
    BOOST_REQUIRE_MESSAGE(!m_scenario.empty(), "sent after the end of the scenario: " + name(octets));
    const Exchange next = m_scenario.front();
    m_scenario.pop_front();
    BOOST_TEST(name(octets) == next.sent.substr(next.sent.front() == '~' ? 1 : 0));
    BOOST_TEST(extension == (name(octets) == "S(WTX response)" ? unsigned{waiting_time} : 1U));
    check_repetition(octets);
    return answer(next.answer);
  }

  // The information field of the card's I-blocks with that sequence number.
  [[nodiscard]] static Bytes field(unsigned sequence) { return sequence == 0 ? hex("A0A1") : hex("B0B1"); }
  static constexpr std::uint8_t waiting_time = 0x10;
  static constexpr std::uint8_t field_size = 0x79;

private:
  static std::string name(ByteView block) {
    static const std::map<unsigned, std::string> names{{0x00, "I(0,0)"},
                                                       {0x20, "I(0,1)"},
                                                       {0x40, "I(1,0)"},
                                                       {0x60, "I(1,1)"},
                                                       {0x80, "R(0)"},
                                                       {0x81, "R(0)"},
                                                       {0x82, "R(0)"},
                                                       {0x90, "R(1)"},
                                                       {0x91, "R(1)"},
                                                       {0x92, "R(1)"},
                                                       {0xC0, "S(RESYNCH request)"},
                                                       {0xC1, "S(IFS request)"},
                                                       {0xC2, "S(ABORT request)"},
                                                       {0xE1, "S(IFS response)"},
                                                       {0xE2, "S(ABORT response)"},
                                                       {0xE3, "S(WTX response)"}};
    const auto found = block.size() < 4 ? names.end() : names.find(block[1]);
    return found == names.end() ? to_hex(block) : found->second;
  }

  static Bytes answer(std::string text) {
    const bool arrives = text.front() != '~';
    if (!arrives) text.erase(0, 1);
    static const std::map<std::string, std::string> blocks{{"R(0)", "008000"},
                                                           {"R(1)", "009000"},
                                                           {"I(1,0) LEN=00", "004000"},
                                                           {"S(WTX request)", "00C30110"},
                                                           {"S(IFS request)", "00C10179"},
                                                           {"S(IFS response)", "00E10179"},
                                                           {"S(ABORT request)", "00C200"},
                                                           {"S(ABORT response)", "00E200"},
                                                           {"S(RESYNCH response)", "00E000"},
                                                           {"I(0,0)", "000002A0A1"},
                                                           {"I(0,1)", "002002A0A1"},
                                                           {"I(1,0)", "004002B0B1"},
                                                           {"I(1,1)", "006002B0B1"}};
    return arrives ? block(blocks.at(text)) : bent(blocks.at(text));
  }

  // The same sequence number twice in a row is the same block again.
  void check_repetition(ByteView octets) {
    if ((octets[1] & 0x80) != 0) return;
    Bytes now = to_bytes(octets);
    if (!m_before.empty() && m_before[1] == now[1]) BOOST_TEST(to_hex(m_before) == to_hex(now));
    m_before = std::move(now);
  }

  std::deque<Exchange> m_scenario;
  Bytes m_before;
};

} // namespace twcard::ifd::tests
