// An ISO/IEC 7816-15 card whose answers are the fuzzer's: each is two octets of length and as many of response; after
// the last one the card is gone. Whatever it says, each operation ends with a result or an Error, and no PIN is sent
// twice.
#include "driver/card/pkcs15/pkcs15_card.hpp"

#include "fuzz/fuzz.hpp"

#include <algorithm>

using namespace twcard;

namespace {

constexpr std::uint8_t verify = 0x20;

class FuzzedChannel final : public reader::CardChannel {
public:
  explicit FuzzedChannel(ByteView input) : m_input(input) {}
  [[nodiscard]] Bytes atr() const override { return {0x3B, 0x00}; }
  void begin() override {}
  void end(reader::Disposition) noexcept override {}
  [[nodiscard]] Bytes transmit(ByteView command) override {
    if (command[1] == verify) ++verifications;
    if (m_input.size() < 2) throw Error(Errc::CardRemoved, "the input is at its end");
    const auto wanted = static_cast<std::size_t>(m_input[0] << 8 | m_input[1]);
    m_input = m_input.subspan(2);
    const auto answer = m_input.first(std::min(wanted, m_input.size()));
    m_input = m_input.subspan(answer.size());
    return to_bytes(answer);
  }

  unsigned verifications = 0;

private:
  ByteView m_input;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto pin = Pin::take(SecureBytes::copy_of(as_bytes("123456")));
  FuzzedChannel channel({data, size});
  try {
    reader::Transaction transaction(channel);
    card::Pkcs15Card card;
    static_cast<void>(card.certificates(transaction));
    static_cast<void>(card.card_number(transaction));
    Bytes block(256, 0xFF);
    block[0] = 0x00;
    block[1] = 0x01;
    block[200] = 0x00;
    static_cast<void>(card.private_operation(transaction, pin, 0x01, block));
  } catch (const Error&) {
    // Any error is right, a crash or an endless loop is not.
  }
  fuzz::require(channel.verifications <= 1);
  return 0;
}
