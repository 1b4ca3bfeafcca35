// The readers that the simulator can be on the USB: their descriptors and habits (docs/readers.md).
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <string>

namespace twcard::simulator {

struct ReaderKind {
  std::string name;
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::uint8_t interface_class = 0;
  bool big_endian_length = false; // of the messages
  bool atr_prefix = false;        // one octet 00 before the answer to reset
  std::string identification;     // what order 60 answers; empty: the order is not known
  std::string manufacturer;       // string descriptors
  std::string product_name;
};

// Castles EZ100PU: no CCID class, the three differences.
[[nodiscard]] const ReaderKind& ez100pu();
// Castles' CCID model: the same inside, as the standard has it, for libccid.
[[nodiscard]] const ReaderKind& ccid_reader();
// ACS ACR38U, whose driver a plain Debian lacks: seen on the USB, never spoken to.
[[nodiscard]] const ReaderKind& acr38u();

inline constexpr std::uint8_t bulk_out_endpoint = 0x01;
inline constexpr std::uint8_t bulk_in_endpoint = 0x82;
inline constexpr std::uint8_t interrupt_endpoint = 0x83;

[[nodiscard]] Bytes device_descriptor(const ReaderKind& kind);
// The configuration with its interface, the CCID descriptor where there is one, and the three endpoints.
[[nodiscard]] Bytes configuration_descriptor(const ReaderKind& kind);
// Empty for a string that the device does not have.
[[nodiscard]] Bytes string_descriptor(const ReaderKind& kind, std::uint8_t index);

} // namespace twcard::simulator
