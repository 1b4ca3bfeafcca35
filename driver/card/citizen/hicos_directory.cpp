#include "driver/card/citizen/hicos_directory.hpp"

#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"
#include "driver/base/utf8.hpp"

#include <algorithm>
#include <optional>

namespace twcard::card {

namespace {

using apdu::Tlv;
using apdu::TlvReader;

constexpr std::uint32_t tag_integer = 0x02;
constexpr std::uint32_t tag_octet_string = 0x04;
constexpr std::uint32_t tag_utf8_string = 0x0C;
constexpr std::uint32_t tag_printable_string = 0x13;
constexpr std::uint32_t tag_sequence = 0x30;
constexpr std::size_t max_id_octets = 24;
constexpr std::size_t max_label_octets = 64;
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

std::string id_of(ByteView octets) {
  const auto id = octets.first(std::min(octets.size(), max_id_octets));
  const bool readable = std::ranges::all_of(id, [](auto octet) { return octet > ' ' && octet < 0x7F; });
  return readable ? std::string(as_text(id)) : to_hex(id);
}

// CommonObjectAttributes ::= SEQUENCE { label UTF8String OPTIONAL, … }, then SEQUENCE { iD OCTET STRING, … }
void read_names(const TlvReader& level, const Tlv& entry, CertificateEntry& into) {
  auto members = level.inside(entry);
  const auto object_attributes = members.next();
  const auto certificate_attributes = members.next();
  if (!object_attributes || !certificate_attributes || object_attributes->tag != tag_sequence ||
      certificate_attributes->tag != tag_sequence)
    return;
  const auto label = members.inside(*object_attributes).next();
  if (label && (label->tag == tag_utf8_string || label->tag == tag_printable_string))
    into.label = label_text(as_text(label->value), max_label_octets);
  const auto id = members.inside(*certificate_attributes).next();
  if (id && id->tag == tag_octet_string) into.id = id_of(id->value);
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

std::vector<CertificateEntry> certificate_entries(ByteView directory) {
  std::vector<CertificateEntry> all;
  for (const auto& entry : entries_of(directory)) {
    const TlvReader level(directory);
    const auto offset = find_offset(level, entry);
    if (!offset || std::ranges::find(all, *offset, &CertificateEntry::offset) != all.end()) continue;
    if (*offset > max_offset) throw Error(Errc::BadCardData, "certificate directory: an offset above 7FFF");
    all.push_back({*offset, {}, {}});
    read_names(level, entry, all.back());
  }
  return all;
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
