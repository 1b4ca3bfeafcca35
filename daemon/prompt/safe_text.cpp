#include "daemon/prompt/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace twcard::prompt {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";    // U+2026

struct Range {
  char32_t first;
  char32_t last;
};

// General categories Cc, Cf, Cs, Co, Zl and Zp of Unicode 15, and the characters that are drawn as nothing.
constexpr std::array invisible = {
    Range{0x0000, 0x001F},    Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD},   Range{0x034F, 0x034F},
    Range{0x0600, 0x0605},    Range{0x061C, 0x061C},   Range{0x06DD, 0x06DD},   Range{0x070F, 0x070F},
    Range{0x0890, 0x0891},    Range{0x08E2, 0x08E2},   Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180F},    Range{0x200B, 0x200F},   Range{0x2028, 0x202E},   Range{0x2060, 0x206F},
    Range{0x3164, 0x3164},    Range{0xD800, 0xF8FF},   Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},    Range{0xFFF0, 0xFFFB},   Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD},
    Range{0x13430, 0x1343F},  Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF},
    Range{0xF0000, 0x10FFFF},
};

constexpr std::array white_space = {
    Range{0x0020, 0x0020}, Range{0x00A0, 0x00A0}, Range{0x1680, 0x1680}, Range{0x2000, 0x200A},
    Range{0x202F, 0x202F}, Range{0x205F, 0x205F}, Range{0x3000, 0x3000},
};

template <std::size_t Size>
bool is_in(const std::array<Range, Size>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// Length of the well-formed UTF-8 sequence at the front of `text`, and its character; 0 when there is none.
std::size_t decode_front(std::string_view text, char32_t& character) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead >> 5 == 0x06 ? 2 : lead >> 4 == 0x0E ? 3 : lead >> 3 == 0x1E ? 4 : 0;
  if (size == 0 || size > text.size()) return 0;
  character = size == 1 ? lead : lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto octet = static_cast<std::uint8_t>(text[i]);
    if (octet >> 6 != 0x02) return 0;
    character = character << 6 | (octet & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  return character >= smallest[size] && character <= 0x10FFFF ? size : 0;
}

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80;
}

std::string shorten_middle(const std::string& text, std::size_t max_octets) {
  if (text.size() <= max_octets) return text;
  const std::size_t kept = max_octets - ellipsis.size();
  std::size_t head = kept / 2;
  std::size_t tail = text.size() - (kept - head);
  while (head > 0 && is_continuation(text[head])) --head;
  while (tail < text.size() && is_continuation(text[tail])) ++tail;
  return text.substr(0, head) + std::string(ellipsis) + text.substr(tail);
}

} // namespace

std::string safe_text(std::string_view text, std::size_t max_octets) {
  std::string safe;
  bool after_space = false;
  while (!text.empty()) {
    char32_t character = 0;
    const std::size_t size = decode_front(text, character);
    const bool space = size != 0 && is_in(white_space, character);
    if (space) {
      if (!after_space) safe += ' ';
    } else if (size == 0 || is_in(invisible, character)) {
      safe += replacement;
    } else {
      safe += text.substr(0, size);
    }
    after_space = space;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return shorten_middle(safe, max_octets);
}

} // namespace twcard::prompt
