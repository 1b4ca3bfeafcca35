#include "driver/apdu/tlv.hpp"

#include "driver/base/error.hpp"

namespace twcard::apdu {

namespace {

constexpr std::size_t max_tag_octets = 4;
constexpr std::size_t max_length_octets = 4;

struct Header {
  std::uint32_t tag = 0;
  std::size_t size = 0;  // of tag and length fields
  std::size_t value = 0; // octets of the value
};

[[noreturn]] void bad(const char* what) {
  throw Error(Errc::BadCardData, std::string("BER-TLV: ") + what);
}

std::optional<Header> read_header(ByteView octets) {
  Header header;
  if (octets.empty()) return std::nullopt;
  header.tag = octets[header.size++];
  if ((header.tag & 0x1F) == 0x1F) {
    std::uint8_t octet = 0;
    do {
      if (header.size == max_tag_octets) bad("a tag of more than four octets");
      if (header.size == octets.size()) return std::nullopt;
      octet = octets[header.size++];
      header.tag = header.tag << 8 | octet;
    } while ((octet & 0x80) != 0);
  }

  if (header.size == octets.size()) return std::nullopt;
  const std::size_t first = octets[header.size++];
  if (first < 0x80) {
    header.value = first;
    return header;
  }
  const std::size_t count = first & 0x7F;
  if (count == 0) bad("an indefinite length");
  if (count > max_length_octets) bad("a length field of more than four octets");
  for (std::size_t i = 0; i < count; ++i) {
    if (header.size == octets.size()) return std::nullopt;
    header.value = header.value << 8 | octets[header.size++];
  }
  return header;
}

} // namespace

std::optional<Tlv> TlvReader::next() {
  if (m_rest.empty()) return std::nullopt;
  const auto header = read_header(m_rest);
  if (!header) bad("a tag or length is cut off");
  if (header->value > m_rest.size() - header->size) bad("a length runs past the end");
  const Tlv object{header->tag, m_rest.subspan(header->size, header->value),
                   m_rest.first(header->size + header->value)};
  m_rest = m_rest.subspan(object.encoded.size());
  return object;
}

Tlv TlvReader::expect(std::uint32_t tag) {
  const auto object = next();
  if (!object) bad("an object is missing");
  if (object->tag != tag) bad("an object has an unexpected tag");
  return *object;
}

TlvReader TlvReader::inside(const Tlv& object) const {
  if (!object.constructed()) bad("a primitive object where a constructed one belongs");
  if (m_depth == 0) bad("more than eight levels");
  return {object.value, m_depth - 1};
}

std::optional<std::size_t> size_of_tlv(ByteView octets) {
  const auto header = read_header(octets);
  if (!header) return std::nullopt;
  return header->size + header->value;
}

} // namespace twcard::apdu
