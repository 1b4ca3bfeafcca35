#include "driver/card/citizen/hicos_directory.hpp"

#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"

#include <algorithm>
#include <optional>

namespace twcard::card {

namespace {

using apdu::Tlv;
using apdu::TlvReader;

constexpr std::uint32_t tag_integer = 0x02;
constexpr std::uint32_t tag_octet_string = 0x04;
constexpr std::uint32_t tag_sequence = 0x30;
constexpr std::size_t max_offset = 0x7FFF; // of READ BINARY
constexpr std::size_t max_integer_octets = 4;

// An entry is a SEQUENCE or, for the other choices of PKCS #15, [0] to [7]; padding is neither.
bool begins_entry(std::uint8_t octet) {
  return octet == tag_sequence || (octet >= 0xA0 && octet <= 0xA7);
}

std::vector<Tlv> entries_of(ByteView directory) {
  std::vector<Tlv> entries;
  while (!directory.empty() && begins_entry(directory.front())) {
    entries.push_back(*TlvReader(directory).next());
    directory = directory.subspan(entries.back().encoded.size());
  }
  return entries;
}

std::size_t unsigned_of(const Tlv& integer) {
  if (integer.value.empty() || integer.value.size() > max_integer_octets)
    throw Error(Errc::BadCardData, "directory: an integer of a length that cannot be");
  std::size_t value = 0;
  for (const auto octet : integer.value) value = value << 8 | octet;
  return value;
}

// Path ::= SEQUENCE { path OCTET STRING, index INTEGER, length [0] INTEGER }
std::optional<std::size_t> offset_in_path(const TlvReader& sequence) {
  auto reader = sequence;
  const auto path = reader.next();
  if (!path || path->tag != tag_octet_string || path->value.size() < 2) return std::nullopt;
  const auto file = path->value.last(2);
  if (file[0] != 0x08 || file[1] != 0xF2) return std::nullopt;
  const auto index = reader.next();
  if (!index || index->tag != tag_integer) return std::nullopt;
  return unsigned_of(*index);
}

// Looks for the path wherever it is: cards are known to tag what is around it in their own way.
std::optional<std::size_t> find_offset(const TlvReader& parent, const Tlv& object) {
  if (!object.constructed()) return std::nullopt;
  auto children = parent.inside(object);
  if (object.tag == tag_sequence)
    if (const auto offset = offset_in_path(children)) return offset;
  const auto level = children;
  while (const auto child = children.next())
    if (const auto offset = find_offset(level, *child)) return offset;
  return std::nullopt;
}

} // namespace

Bytes directory_with_its_end(ByteView octets) {
  auto rest = octets;
  while (!rest.empty() && begins_entry(rest.front())) {
    const auto size = apdu::size_of_tlv(rest);
    if (!size || *size > rest.size()) return {};
    rest = rest.subspan(*size);
  }
  return rest.empty() ? Bytes() : to_bytes(octets.first(octets.size() - rest.size() + 1));
}

bool directory_is_complete(ByteView octets) {
  return !directory_with_its_end(octets).empty();
}

std::vector<std::size_t> certificate_offsets(ByteView directory) {
  std::vector<std::size_t> offsets;
  for (const auto& entry : entries_of(directory)) {
    const auto offset = find_offset(TlvReader(directory), entry);
    if (!offset || std::find(offsets.begin(), offsets.end(), *offset) != offsets.end()) continue;
    if (*offset > max_offset) throw Error(Errc::BadCardData, "certificate directory: an offset above 7FFF");
    offsets.push_back(*offset);
  }
  return offsets;
}

std::vector<std::uint8_t> private_key_references(ByteView directory) {
  std::vector<std::uint8_t> references;
  for (const auto& entry : entries_of(directory)) {
    const TlvReader level(directory);
    auto members = level.inside(entry);
    static_cast<void>(members.expect(tag_sequence)); // CommonObjectAttributes
    const auto key_attributes = members.expect(tag_sequence);
    auto attributes = members.inside(key_attributes);
    // keyReference is the only INTEGER among the CommonKeyAttributes.
    while (const auto attribute = attributes.next())
      if (attribute->tag == tag_integer && unsigned_of(*attribute) <= 0xFF)
        references.push_back(static_cast<std::uint8_t>(unsigned_of(*attribute)));
  }
  return references;
}

} // namespace twcard::card
