// The pipes of a real device, over libusb 1.0.
#pragma once

#include "driver/ifd/transport.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace twcard::ifd {

struct UsbAddress {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::uint8_t interface = 0;
  // Where it is plugged in; without, the first device with these numbers.
  std::optional<std::uint8_t> bus;
  std::optional<std::uint8_t> device;

  friend bool operator==(const UsbAddress&, const UsbAddress&) = default;
};

// pcscd's name of a USB device: usb:VVVV/PPPP, then nothing, :libudev:INTERFACE:/dev/bus/usb/BBB/DDD or
// :libusb-1.0:BUS:DEVICE:INTERFACE. Anything else after the numbers is passed over.
[[nodiscard]] std::optional<UsbAddress> parse_device_name(std::string_view name);

// Opens the device and claims its interface. Throws Error(NoReader) when it is not there, when its descriptors are not
// those of such a reader, or when the user has no right to it (the text says which).
[[nodiscard]] std::unique_ptr<Transport> open_usb(const UsbAddress& address);

} // namespace twcard::ifd
