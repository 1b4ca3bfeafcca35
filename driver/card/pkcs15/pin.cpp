#include "driver/card/pkcs15/pin.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr std::size_t iso9564_octets = 8;
constexpr std::size_t iso9564_max_digits = 14;
constexpr unsigned filler = 0x0F;

bool is_digit(std::uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

// Digits from `at` on, two an octet; an odd last one with a filler.
void pack(ScrubbedBytes& field, ByteView digits) {
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = static_cast<unsigned>(digits[i] - '0');
    const auto low = i + 1 < digits.size() ? static_cast<unsigned>(digits[i + 1] - '0') : filler;
    field.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
}

} // namespace

ScrubbedBytes pkcs15_pin_field(const Pkcs15Pin& object, const Pin& pin) {
  using Encoding = Pkcs15Pin::Encoding;
  const auto octets = pin.view();
  const bool iso9564 = object.encoding == Encoding::Iso9564;
  const auto longest = iso9564 ? std::min(object.max_length, iso9564_max_digits) : object.max_length;
  if (octets.size() < object.min_length || octets.size() > longest)
    throw Error(Errc::PinLength,
                fmt::format("the PIN of this card has {} to {} characters", object.min_length, longest));
  if ((object.digits_only || object.encoding != Encoding::Text) && !std::ranges::all_of(octets, is_digit))
    throw Error(Errc::PinLength, "the PIN of this card consists of digits");

  ScrubbedBytes field;
  field.reserve(std::max(object.stored_length, octets.size()) + iso9564_octets); // so that no copy is left behind
  switch (object.encoding) {
  case Encoding::Text: field.assign(octets.begin(), octets.end()); break;
  case Encoding::PackedBcd: pack(field, octets); break;
  case Encoding::HalfByteBcd:
    for (const auto digit : octets) field.push_back(static_cast<std::uint8_t>(0xF0 | (digit - '0')));
    break;
  case Encoding::Iso9564:
    field.push_back(static_cast<std::uint8_t>(0x20 | octets.size()));
    pack(field, octets);
    field.resize(iso9564_octets, 0xFF);
    break;
  }
  if (object.needs_padding && field.size() < object.stored_length) field.resize(object.stored_length, object.padding);
  return field;
}

} // namespace twcard::card
