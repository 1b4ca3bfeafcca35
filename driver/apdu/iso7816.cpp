#include "driver/apdu/iso7816.hpp"

#include <fmt/format.h>

namespace twcard::apdu {

namespace {

constexpr std::size_t max_offset = 0x7FFF;

constexpr std::uint8_t high(std::size_t value) {
  return static_cast<std::uint8_t>(value >> 8 & 0xFF);
}
constexpr std::uint8_t low(std::size_t value) {
  return static_cast<std::uint8_t>(value & 0xFF);
}

Error refused(StatusWord status, std::string_view doing) {
  return {Errc::CardRefused, fmt::format("{}: the card answered {:04X}", doing, status.value())};
}

} // namespace

CommandApdu select_file(std::uint8_t cla, std::uint16_t identifier) {
  return {cla, 0xA4, 0x00, 0x00, {high(identifier), low(identifier)}, std::nullopt};
}

CommandApdu select_application(std::uint8_t cla, ByteView identifier) {
  return {cla, 0xA4, 0x04, 0x00, ScrubbedBytes(identifier.begin(), identifier.end()), std::nullopt};
}

CommandApdu read_binary(std::uint8_t cla, std::size_t offset, std::uint32_t le) {
  if (offset > max_offset) throw Error(Errc::BadRequest, "READ BINARY: an offset above 7FFF");
  return {cla, 0xB0, high(offset), low(offset), {}, le};
}

CommandApdu read_record(std::uint8_t cla, std::uint8_t identifier, std::uint32_t le) {
  return {cla, 0xB2, identifier, 0x00, {}, le};
}

CommandApdu get_challenge(std::uint8_t cla, std::uint32_t le) {
  return {cla, 0x84, 0x00, 0x00, {}, le};
}

CommandApdu get_response(std::uint8_t cla, std::uint32_t le) {
  return {cla, 0xC0, 0x00, 0x00, {}, le};
}

Error error_of(StatusWord status, std::string_view doing) {
  if (status == sw::authentication_method_blocked) return {Errc::PinBlocked, std::string(doing)};
  if (status == sw::security_status_not_satisfied) return {Errc::PinRequired, std::string(doing)};
  return refused(status, doing);
}

Error verify_error_of(StatusWord status) {
  constexpr std::string_view doing = "verifying the PIN";
  const auto tries_left = status.tries_left();
  if (status == sw::authentication_method_blocked || tries_left == 0) return {Errc::PinBlocked, std::string(doing)};
  if (tries_left) return {Errc::PinIncorrect, std::string(doing), tries_left};
  if (status == sw::wrong_length) return {Errc::PinLength, std::string(doing)};
  return refused(status, doing);
}

void expect_ok(const ResponseApdu& response, std::string_view doing) {
  if (!response.status.ok()) throw error_of(response.status, doing);
}

} // namespace twcard::apdu
