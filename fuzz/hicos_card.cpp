// A card whose answers are the fuzzer's: recognition as one of either generation, certificates, a signature. Whatever
// it says, each operation ends with a result or an Error, and no PIN is sent more than twice (once a transport key).
#include "driver/card/card_registry.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "driver/card/signing_card.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>

using namespace twcard;

namespace {

constexpr std::uint8_t verify = 0x20;

// Each answer is two octets of length and as many of response; after the last one the card is gone.
class FuzzedChannel final : public reader::CardChannel {
public:
  // The first octet chooses the ATR, and with it which driver is tried first.
  explicit FuzzedChannel(ByteView input)
      : m_second(!input.empty() && (input[0] & 1) != 0), m_input(input.empty() ? input : input.subspan(1)) {}
  [[nodiscard]] Bytes atr() const override {
    return *from_hex(m_second ? "3BD8960081B1FE451F0743485447504B494ADD" : "3BB813008131FA524348544D4F494341A5");
  }
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
  bool m_second;
  ByteView m_input;
};

card::CardProfiles profiles() {
  card::HicosProfile profile;
  profile.name = "fuzz";
  profile.transport_keys = {Bytes(16, 1), Bytes(16, 2)};
  card::CardProfiles profiles;
  profiles.hicos = {profile};
  card::GpkiProfile second;
  second.name = "fuzz";
  second.master_key = Bytes(16, 3);
  profiles.gpki = {second};
  return profiles;
}

void use(card::Card& card, reader::Transaction& transaction) {
  if (auto* nhi = dynamic_cast<card::NhiCard*>(&card)) {
    static_cast<void>(nhi->read(transaction));
    return;
  }
  static const auto pin = Pin::take(SecureBytes::copy_of(as_bytes("123456")));
  auto& signing = dynamic_cast<card::SigningCard&>(card);
  static_cast<void>(signing.certificates(transaction));
  static_cast<void>(signing.private_operation(transaction, pin, 0x01, Bytes(256, 0x11)));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const card::CardRegistry registry(profiles());
  FuzzedChannel channel({data, size});
  try {
    reader::Transaction transaction(channel);
    use(*registry.recognise(transaction), transaction);
  } catch (const Error&) {
    // Any error is right, a crash or an endless loop is not.
  }
  fuzz::require(channel.verifications <= 2);
  return 0;
}
