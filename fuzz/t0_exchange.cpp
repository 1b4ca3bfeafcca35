// T=0 at both levels against a card that says what the fuzzer likes. First octet: bit 0 the level, bits 1 to 2 the
// case.
#include "driver/base/error.hpp"
#include "driver/ifd/t0.hpp"
#include "fuzz/fuzzed_card.hpp"

#include <array>
#include <cstdlib>

using namespace twcard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<Bytes, 4> commands{Bytes{0x00, 0xA4, 0x00, 0x00}, Bytes{0x00, 0xB0, 0x00, 0x00, 0x05},
                                             Bytes{0x00, 0x20, 0x00, 0x01, 0x03, 0x31, 0x32, 0x33},
                                             Bytes{0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00}};
  if (size < 1) return 0;
  fuzz::FuzzedCard card(ByteView(data + 1, size - 1));
  auto level = (data[0] & 1) != 0 ? ifd::ExchangeLevel::Tpdu : ifd::ExchangeLevel::Character;
  ifd::T0 session(card, level, std::chrono::milliseconds(1000));
  for (int round = 0; round < 3; ++round) {
    try {
      if (session.transceive(commands[(data[0] >> 1) & 3U]).size() > 258) std::abort();
    } catch (const Error& error) {
      if (error.code() != Errc::BadCardData) std::abort();
    }
  }
  return 0;
}
