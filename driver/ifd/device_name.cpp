#include "driver/ifd/usb_transport.hpp"

#include <charconv>

namespace twcard::ifd {

namespace {

// Takes the text up to the separator off the front; all of it where there is none.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// False when the place is written in a way that we know and is no place.
bool take_place(UsbAddress& address, std::string_view scheme, std::string_view rest) {
  if (scheme == "libusb-1.0") {
    address.bus = number<std::uint8_t>(take(rest, ':'), 10);
    address.device = number<std::uint8_t>(take(rest, ':'), 10);
    const auto interface = number<std::uint8_t>(rest, 10);
    address.interface = interface.value_or(0);
    return address.bus && address.device && interface;
  }
  if (scheme == "libudev") {
    const auto interface = number<std::uint8_t>(take(rest, ':'), 10);
    address.interface = interface.value_or(0);
    const auto slash = rest.rfind('/');
    if (slash == std::string_view::npos || slash < 3) return false;
    address.device = number<std::uint8_t>(rest.substr(slash + 1), 10);
    address.bus = number<std::uint8_t>(rest.substr(slash - 3, 3), 10);
    return address.bus && address.device && interface;
  }
  return true;
}

} // namespace

std::optional<UsbAddress> parse_device_name(std::string_view name) {
  if (take(name, ':') != "usb") return std::nullopt;
  std::string_view numbers = take(name, ':');
  const auto vendor = number<std::uint16_t>(take(numbers, '/'), 16);
  const auto product = number<std::uint16_t>(numbers, 16);
  if (!vendor || !product) return std::nullopt;
  UsbAddress address{.vendor = *vendor, .product = *product, .interface = 0, .bus = {}, .device = {}};
  const std::string_view scheme = take(name, ':');
  if (!take_place(address, scheme, name)) return std::nullopt;
  return address;
}

} // namespace twcard::ifd
