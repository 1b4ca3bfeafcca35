#include "simulator/usb/measuring_card.hpp"

#include "simulator/cards/status_words.hpp"

#include <algorithm>
#include <numeric>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t cla_measure = 0x80;

class MeasuringApplet final : public Applet {
public:
  explicit MeasuringApplet(std::uint8_t field_size) : m_field_size(field_size) {}

  Bytes atr() const override {
    // TD1 and TD2 name T=1; TA3 is the field size, TB3 the default waiting times; ISO/IEC 7816-3:2006, 8.2.
    Bytes octets{0x3B, 0x80, 0x81, 0x31, m_field_size, 0x4D};
    std::uint8_t check = 0;
    for (const std::uint8_t octet : ByteView(octets).subspan(1)) check = static_cast<std::uint8_t>(check ^ octet);
    octets.push_back(check);
    return octets;
  }
  void reset() override {}
  apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters&) override {
    if (command.cla != cla_measure) return {{}, sw::class_not_supported};
    const unsigned sum = std::accumulate(command.data.begin(), command.data.end(), 0U);
    Bytes data(std::min<std::size_t>(std::size_t{command.p1} << 8 | command.p2, command.le.value_or(0)));
    for (std::size_t index = 0; index < data.size(); ++index)
      data[index] = static_cast<std::uint8_t>(index == 0 ? (sum >> 8) & 0xFF : (sum + index - 1) & 0xFF);
    return {std::move(data), sw::ok};
  }

private:
  std::uint8_t m_field_size;
};

} // namespace

std::shared_ptr<SimulatedCard> make_measuring_card(std::uint8_t field_size) {
  return std::make_shared<SimulatedCard>(std::make_unique<MeasuringApplet>(field_size));
}

} // namespace twcard::simulator
