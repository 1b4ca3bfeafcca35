#include "driver/crypto/readable_names.hpp"

#include "driver/base/utf8.hpp"

#include <string>
#include <vector>

namespace twcard::crypto {

namespace {

constexpr std::uint8_t tag_utf8_string = 0x0C;
constexpr std::uint8_t tag_numeric_string = 0x12;
constexpr std::uint8_t tag_printable_string = 0x13;
constexpr std::uint8_t tag_t61_string = 0x14;
constexpr std::uint8_t tag_ia5_string = 0x16;
constexpr std::uint8_t tag_visible_string = 0x1A;
constexpr std::uint8_t tag_universal_string = 0x1C;
constexpr std::uint8_t tag_bmp_string = 0x1E;
constexpr std::uint8_t tag_sequence = 0x30;
constexpr std::uint8_t tag_set = 0x31;
constexpr std::uint8_t tag_version = 0xA0;
constexpr char32_t replacement = 0xFFFD;

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView encoded;
};

// The elements of one level, tags of one octet and definite lengths of at most two octets; nullopt for anything else.
std::optional<std::vector<Element>> elements_of(ByteView octets) {
  std::vector<Element> all;
  while (!octets.empty()) {
    if (octets.size() < 2 || (octets[0] & 0x1F) == 0x1F) return std::nullopt;
    std::size_t header = 2;
    std::size_t size = octets[1];
    if (size >= 0x80) {
      const std::size_t count = size & 0x7F;
      header += count;
      if (count == 0 || count > 2 || octets.size() < header) return std::nullopt;
      size = 0;
      for (const auto octet : octets.subspan(2, count)) size = size << 8 | octet;
    }
    if (octets.size() - header < size) return std::nullopt;
    all.push_back({octets[0], octets.subspan(header, size), octets.first(header + size)});
    octets = octets.subspan(header + size);
  }
  return all;
}

std::optional<std::vector<Element>> inside(const Element& element, std::uint8_t tag) {
  if (element.tag != tag) return std::nullopt;
  return elements_of(element.content);
}

void append(Bytes& octets, ByteView more) {
  octets.insert(octets.end(), more.begin(), more.end());
}

Bytes encoded(std::uint8_t tag, ByteView content) {
  Bytes octets{tag};
  const auto size = content.size();
  if (size >= 0x80) octets.push_back(size > 0xFF ? 0x82 : 0x81);
  if (size > 0xFF) octets.push_back(static_cast<std::uint8_t>(size >> 8));
  octets.push_back(static_cast<std::uint8_t>(size & 0xFF));
  append(octets, content);
  return octets;
}

void append_character(std::string& text, char32_t character) {
  const auto put = [&text](char32_t octet) { text += static_cast<char>(octet); };
  if (character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) character = replacement;
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xC0 | character >> 6);
  } else {
    if (character < 0x10000) {
      put(0xE0 | character >> 12);
    } else {
      put(0xF0 | character >> 18);
      put(0x80 | (character >> 12 & 0x3F));
    }
    put(0x80 | (character >> 6 & 0x3F));
  }
  put(0x80 | (character & 0x3F));
}

// Big-endian units of so many octets; an incomplete one at the end is one that cannot be read.
std::vector<char32_t> units_of(ByteView octets, std::size_t size) {
  std::vector<char32_t> units;
  for (; octets.size() >= size; octets = octets.subspan(size)) {
    char32_t unit = 0;
    for (const auto octet : octets.first(size)) unit = unit << 8 | octet;
    units.push_back(unit);
  }
  if (!octets.empty()) units.push_back(replacement);
  return units;
}

std::string text_of_utf16(ByteView octets) {
  const auto units = units_of(octets, 2);
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto next = i + 1 < units.size() ? units[i + 1] : 0;
    const bool pair = units[i] >= 0xD800 && units[i] < 0xDC00 && next >= 0xDC00 && next < 0xE000;
    append_character(text, pair ? 0x10000 + ((units[i] - 0xD800) << 10) + (next - 0xDC00) : units[i]);
    if (pair) ++i;
  }
  return text;
}

// nullopt for what is not a text.
std::optional<std::string> text_of(const Element& value) {
  std::string text;
  switch (value.tag) {
  case tag_utf8_string: return valid_utf8(as_text(value.content));
  case tag_bmp_string: return text_of_utf16(value.content);
  case tag_universal_string:
    for (const auto unit : units_of(value.content, 4)) append_character(text, unit);
    return text;
  case tag_numeric_string:
  case tag_printable_string:
  case tag_t61_string: // as OpenSSL: Latin-1
  case tag_ia5_string:
  case tag_visible_string:
    for (const auto octet : value.content) append_character(text, octet);
    return text;
  default: return std::nullopt;
  }
}

// Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }
std::optional<Bytes> readable_name(const Element& name) {
  const auto parts = inside(name, tag_sequence);
  if (!parts) return std::nullopt;
  Bytes content;
  for (const auto& part : *parts) {
    const auto attributes = inside(part, tag_set);
    if (!attributes) return std::nullopt;
    Bytes set;
    for (const auto& attribute : *attributes) {
      const auto members = inside(attribute, tag_sequence);
      if (!members || members->size() != 2) return std::nullopt;
      auto pair = to_bytes(members->at(0).encoded);
      const auto text = text_of(members->at(1));
      append(pair, text ? encoded(tag_utf8_string, as_bytes(*text)) : to_bytes(members->at(1).encoded));
      append(set, encoded(tag_sequence, pair));
    }
    append(content, encoded(tag_set, set));
  }
  return encoded(tag_sequence, content);
}

// TBSCertificate ::= SEQUENCE { version [0] OPTIONAL, serialNumber, signature, issuer, validity, subject, … }
struct Parts {
  std::vector<Element> certificate; // the signed part, its algorithm, its signature
  std::vector<Element> members;     // of the signed part
  std::size_t issuer = 0;
  std::size_t subject = 0;
};

std::optional<Parts> parts_of(ByteView der) {
  const auto whole = elements_of(der);
  if (!whole || whole->size() != 1) return std::nullopt;
  const auto certificate = inside(whole->front(), tag_sequence);
  if (!certificate || certificate->size() != 3) return std::nullopt;
  const auto members = inside(certificate->front(), tag_sequence);
  if (!members || members->empty()) return std::nullopt;
  const std::size_t first = members->front().tag == tag_version ? 1 : 0;
  if (members->size() < first + 6) return std::nullopt;
  return Parts{*certificate, *members, first + 2, first + 4};
}

} // namespace

std::optional<CertificateNames> names_in(ByteView certificate) {
  const auto parts = parts_of(certificate);
  if (!parts) return std::nullopt;
  return CertificateNames{parts->members[parts->issuer].encoded, parts->members[parts->subject].encoded};
}

std::optional<Bytes> with_readable_names(ByteView certificate) {
  const auto parts = parts_of(certificate);
  if (!parts) return std::nullopt;
  Bytes signed_part;
  for (std::size_t i = 0; i < parts->members.size(); ++i) {
    const bool is_name = i == parts->issuer || i == parts->subject;
    const auto name = is_name ? readable_name(parts->members[i]) : std::nullopt;
    if (is_name && !name) return std::nullopt;
    append(signed_part, name ? ByteView(*name) : parts->members[i].encoded);
  }
  Bytes content = encoded(tag_sequence, signed_part);
  append(content, parts->certificate[1].encoded);
  append(content, parts->certificate[2].encoded);
  return encoded(tag_sequence, content);
}

} // namespace twcard::crypto
