#include "simulator/usb/reader_kind.hpp"

#include <array>

namespace twcard::simulator {

namespace {

constexpr std::uint8_t ccid_class = 0x0B;

std::uint8_t low(std::uint16_t value) {
  return static_cast<std::uint8_t>(value & 0xFF);
}
std::uint8_t high(std::uint16_t value) {
  return static_cast<std::uint8_t>(value >> 8);
}

// CCID 1.1, 5.1: one slot, 5 V, T=0 and T=1, 3580 kHz, 9600 to 115200 bit/s, IFSD 252, TPDU level exchange, clock stop,
// automatic clock and bit rate, messages of 271 octets.
constexpr std::array<std::uint8_t, 54> ccid_descriptor{
    0x36, 0x21, 0x10, 0x01, 0x00, 0x01, 0x03, 0x00, 0x00, 0x00, 0xFC, 0x0D, 0x00, 0x00, 0xFC, 0x0D, 0x00, 0x00,
    0x00, 0x80, 0x25, 0x00, 0x00, 0x00, 0xC2, 0x01, 0x00, 0x00, 0xFC, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x30, 0x01, 0x01, 0x00, 0x0F, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01};

void append(Bytes& octets, std::initializer_list<std::uint8_t> more) {
  octets.insert(octets.end(), more);
}

} // namespace

const ReaderKind& ez100pu() {
  static const ReaderKind kind{.name = "ez100pu",
                               .vendor = 0x0CA6,
                               .product = 0x0010,
                               .interface_class = 0x00,
                               .big_endian_length = true,
                               .atr_prefix = true,
                               .identification = "CASTLES EZ100PU (simulated)",
                               .manufacturer = "CASTLES",
                               .product_name = "EZ100PU"};
  return kind;
}

const ReaderKind& ccid_reader() {
  static const ReaderKind kind{.name = "ccid",
                               .vendor = 0x0CA6,
                               .product = 0x00A0,
                               .interface_class = ccid_class,
                               .big_endian_length = false,
                               .atr_prefix = false,
                               .identification = {},
                               .manufacturer = "CASTLES",
                               .product_name = "EZCCID Smart Card Reader"};
  return kind;
}

const ReaderKind& acr38u() {
  static const ReaderKind kind{.name = "acr38u",
                               .vendor = 0x072F,
                               .product = 0x9000,
                               .interface_class = 0x00,
                               .big_endian_length = false,
                               .atr_prefix = false,
                               .identification = {},
                               .manufacturer = "ACS",
                               .product_name = "ACR38 Smart Card Reader"};
  return kind;
}

Bytes device_descriptor(const ReaderKind& kind) {
  return {18,
          0x01,
          0x10,
          0x01,
          0x00,
          0x00,
          0x00,
          0x40,
          low(kind.vendor),
          high(kind.vendor),
          low(kind.product),
          high(kind.product),
          0x00,
          0x01,
          1,
          2,
          0,
          1};
}

Bytes configuration_descriptor(const ReaderKind& kind) {
  Bytes octets{9, 0x02, 0, 0, 1, 1, 0, 0x80, 50};
  append(octets, {9, 0x04, 0, 0, 3, kind.interface_class, 0x00, 0x00, 0});
  if (kind.interface_class == ccid_class) octets.insert(octets.end(), ccid_descriptor.begin(), ccid_descriptor.end());
  append(octets, {7, 0x05, bulk_out_endpoint, 0x02, 64, 0, 0});
  append(octets, {7, 0x05, bulk_in_endpoint, 0x02, 64, 0, 0});
  append(octets, {7, 0x05, interrupt_endpoint, 0x03, 8, 0, 16});
  octets[2] = static_cast<std::uint8_t>(octets.size());
  return octets;
}

Bytes string_descriptor(const ReaderKind& kind, std::uint8_t index) {
  if (index == 0) return {4, 0x03, 0x09, 0x04};
  if (index > 2) return {};
  const std::string& text = index == 1 ? kind.manufacturer : kind.product_name;
  Bytes octets{static_cast<std::uint8_t>(2 + 2 * text.size()), 0x03};
  for (const char letter : text) append(octets, {static_cast<std::uint8_t>(letter), 0});
  return octets;
}

} // namespace twcard::simulator
