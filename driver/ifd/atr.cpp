#include "driver/ifd/atr.hpp"

#include <algorithm>

namespace twcard::ifd {

namespace {

// Reads octets one after the other and remembers that there was one too few.
class Cursor {
public:
  explicit Cursor(ByteView octets) : m_octets(octets) {}
  std::uint8_t next() noexcept {
    if (m_at >= m_octets.size()) {
      m_short = true;
      return 0;
    }
    return m_octets[m_at++];
  }
  bool skip(std::size_t count) noexcept {
    if (m_octets.size() - m_at < count) return false;
    m_at += count;
    return true;
  }
  [[nodiscard]] bool cut_short() const noexcept { return m_short; }
  [[nodiscard]] std::size_t left() const noexcept { return m_octets.size() - m_at; }

private:
  ByteView m_octets;
  std::size_t m_at = 0;
  bool m_short = false;
};

struct InterfaceBytes {
  std::optional<std::uint8_t> a, b, c, d;
};

InterfaceBytes read_group(Cursor& cursor, std::uint8_t presence) {
  InterfaceBytes group;
  if ((presence & 0x10) != 0) group.a = cursor.next();
  if ((presence & 0x20) != 0) group.b = cursor.next();
  if ((presence & 0x40) != 0) group.c = cursor.next();
  if ((presence & 0x80) != 0) group.d = cursor.next();
  return group;
}

void take_global(AnswerToReset& atr, const InterfaceBytes& group, int index) {
  if (index == 1) {
    atr.ta1 = group.a.value_or(atr.ta1);
    atr.extra_guard_time = group.c.value_or(atr.extra_guard_time);
  } else if (index == 2) {
    if (group.a) {
      atr.specific_mode = *group.a & 0x0F;
      atr.implicit_parameters = (*group.a & 0x10) != 0;
    }
    atr.waiting_integer = group.c.value_or(atr.waiting_integer);
  }
}

bool take_t1(AnswerToReset& atr, const InterfaceBytes& group) {
  if (group.a) {
    if (*group.a == 0x00 || *group.a == 0xFF) return false;
    atr.ifsc = *group.a;
  }
  if (group.b) {
    atr.bwi = static_cast<std::uint8_t>(*group.b >> 4);
    atr.cwi = *group.b & 0x0F;
    if (atr.bwi > 9) return false;
  }
  atr.cyclic_check = group.c && (*group.c & 0x01) != 0;
  return true;
}

} // namespace

bool AnswerToReset::offers(Protocol protocol) const noexcept {
  return std::find(protocols.begin(), protocols.end(), protocol) != protocols.end();
}

std::optional<AnswerToReset> parse_atr(ByteView octets) {
  if (octets.size() < 2 || octets.size() > longest_atr) return std::nullopt;
  AnswerToReset atr;
  Cursor cursor(octets);
  const std::uint8_t ts = cursor.next();
  if (ts != 0x3B && ts != 0x3F) return std::nullopt;
  atr.inverse_convention = ts == 0x3F;

  const std::uint8_t t0 = cursor.next();
  std::uint8_t presence = t0;
  std::uint8_t described = 0; // the protocol that the group's specific bytes belong to
  bool check_character = false;
  bool t1_seen = false;
  for (int index = 1; (presence & 0xF0) != 0; ++index) {
    const InterfaceBytes group = read_group(cursor, presence);
    if (cursor.cut_short()) return std::nullopt;
    take_global(atr, group, index);
    if (index > 2 && described == 1 && !t1_seen) {
      if (!take_t1(atr, group)) return std::nullopt;
      t1_seen = true;
    }
    if (index > 2 && described == 15 && group.a) {
      atr.clock_stop_state = static_cast<std::uint8_t>(*group.a >> 6);
      atr.clock_stop = atr.clock_stop_state != 0;
    }
    if (!group.d) break;
    presence = *group.d;
    described = presence & 0x0F;
    check_character = check_character || described != 0;
    if (described <= 1 && !atr.offers(static_cast<Protocol>(described)))
      atr.protocols.push_back(static_cast<Protocol>(described));
  }
  if (atr.protocols.empty() && described == 0) atr.protocols.push_back(Protocol::T0);
  if (atr.protocols.empty() || !cursor.skip(t0 & 0x0F)) return std::nullopt;
  if (cursor.left() != (check_character ? 1U : 0U)) return std::nullopt;
  if (check_character) {
    std::uint8_t sum = 0;
    for (const std::uint8_t octet : octets.subspan(1)) sum ^= octet;
    if (sum != 0) return std::nullopt;
  }
  return atr;
}

} // namespace twcard::ifd
