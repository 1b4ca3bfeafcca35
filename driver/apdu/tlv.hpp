// A reader of BER-TLV data objects, ISO/IEC 7816-4:2005 section 5.2.2 and ITU-T X.690 section 8.1, for what cards say.
//
// Bounded by construction: it walks a span and copies nothing, takes definite lengths of up to four octets and tags of
// up to four octets, and descends at most eight levels. Everything else throws Error(BadCardData).
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace twcard::apdu {

struct Tlv {
  std::uint32_t tag = 0; // all octets of the tag, as one number: 0x30, 0x7F49
  ByteView value;
  ByteView encoded; // tag, length and value

  [[nodiscard]] bool constructed() const { return (encoded[0] & 0x20) != 0; }
};

class TlvReader final {
public:
  static constexpr unsigned max_depth = 8;

  // `octets` outlives the reader and what it returns.
  explicit TlvReader(ByteView octets) : TlvReader(octets, max_depth) {}

  // The next object on this level; nullopt at the end.
  [[nodiscard]] std::optional<Tlv> next();
  // The next object, which has to be there and have this tag.
  [[nodiscard]] Tlv expect(std::uint32_t tag);
  // A reader of the objects inside a constructed one.
  [[nodiscard]] TlvReader inside(const Tlv& object) const;

private:
  TlvReader(ByteView octets, unsigned depth) : m_rest(octets), m_depth(depth) {}

  ByteView m_rest;
  unsigned m_depth;
};

// Octets that the object at the beginning of `octets` takes in all, of which only the first few have to be there;
// nullopt when there are not even enough to know.
[[nodiscard]] std::optional<std::size_t> size_of_tlv(ByteView octets);

} // namespace twcard::apdu
