// T=1 against a card that says what the fuzzer likes. First octet: bit 0 repairs the check octet of each answer, so
// that the fuzzer gets past it; the rest of it is the length of the command.
#include "driver/base/error.hpp"
#include "driver/ifd/t1.hpp"
#include "fuzz/fuzzed_card.hpp"

#include <cstdlib>

using namespace twcard;

namespace {

class Repaired final : public ifd::CardLine {
public:
  Repaired(fuzz::FuzzedCard& card, bool repair) : m_card(card), m_repair(repair) {}
  Bytes exchange(ByteView octets, std::size_t expected, unsigned extension) override {
    Bytes answer = m_card.exchange(octets, expected, extension);
    if (!m_repair || answer.size() < 4) return answer;
    answer[0] = 0;
    answer[2] = static_cast<std::uint8_t>(answer.size() - 4);
    answer.back() = 0;
    std::uint8_t sum = 0;
    for (const std::uint8_t octet : answer) sum = static_cast<std::uint8_t>(sum ^ octet);
    answer.back() = sum;
    return answer;
  }

private:
  fuzz::FuzzedCard& m_card;
  bool m_repair;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  fuzz::FuzzedCard card(ByteView(data + 1, size - 1));
  Repaired line(card, (data[0] & 1) != 0);
  ifd::T1 session(line, {.ifsc = 7});
  const Bytes command(1 + (data[0] >> 1), 0x5A);
  for (int round = 0; round < 3; ++round) {
    try {
      if (session.transceive(command).size() > 65538) std::abort();
    } catch (const Error& error) {
      if (error.code() != Errc::BadCardData) std::abort();
    }
  }
  return 0;
}
