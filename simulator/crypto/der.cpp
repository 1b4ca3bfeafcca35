#include "simulator/crypto/der.hpp"

#include <algorithm>

namespace twcard::simulator::der {

namespace {

// Big-endian, without leading zeros, at least one octet.
Bytes shortest(std::size_t value) {
  Bytes octets;
  do {
    octets.insert(octets.begin(), static_cast<std::uint8_t>(value & 0xFF));
    value >>= 8;
  } while (value != 0);
  return octets;
}

Bytes primitive(std::uint8_t tag, ByteView content) {
  Bytes out{tag};
  if (content.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    const auto length = shortest(content.size());
    out.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
    append(out, length);
  }
  append(out, content);
  return out;
}

} // namespace

Bytes element(std::uint8_t tag, std::initializer_list<Bytes> parts) {
  Bytes content;
  for (const auto& part : parts) append(content, part);
  return primitive(tag, content);
}

Bytes sequence(std::initializer_list<Bytes> parts) {
  return element(0x30, parts);
}
Bytes set(std::initializer_list<Bytes> parts) {
  return element(0x31, parts);
}
Bytes octet_string(ByteView octets) {
  return primitive(0x04, octets);
}
Bytes utf8_string(std::string_view text) {
  return primitive(0x0C, as_bytes(text));
}
Bytes printable_string(std::string_view text) {
  return primitive(0x13, as_bytes(text));
}
Bytes boolean(bool value) {
  return {0x01, 0x01, static_cast<std::uint8_t>(value ? 0xFF : 0x00)};
}

Bytes integer_content(std::uint32_t value) {
  auto octets = shortest(value);
  if ((octets.front() & 0x80) != 0) octets.insert(octets.begin(), 0x00);
  return octets;
}

Bytes integer(std::uint32_t value) {
  return primitive(0x02, integer_content(value));
}

Bytes named_bits(std::initializer_list<unsigned> bits) {
  if (bits.size() == 0) return {0x03, 0x01, 0x00};
  const auto last = std::max(bits);
  Bytes content(last / 8 + 2);
  content[0] = static_cast<std::uint8_t>(7 - last % 8);
  for (const auto bit : bits) {
    auto& octet = content[bit / 8 + 1];
    octet = static_cast<std::uint8_t>(octet | 0x80U >> bit % 8);
  }
  return primitive(0x03, content);
}

} // namespace twcard::simulator::der
