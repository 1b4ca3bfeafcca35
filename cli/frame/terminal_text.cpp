#include "cli/frame/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace twcard::cli {

namespace {

struct Decoded {
  char32_t code_point;
  std::size_t size;
};

// The character at the front of `text`, or nullopt when it is no well-formed UTF-8 (RFC 3629 section 3).
std::optional<Decoded> decode_first(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = octet(0);
  if (first < 0x80) return Decoded{first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return std::nullopt;
  char32_t code_point = first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return std::nullopt;
    code_point = (code_point << 6) | (octet(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (code_point < smallest[size] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
    return std::nullopt;
  return Decoded{code_point, size};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t Count>
bool within(char32_t c, const std::array<Range, Count>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return c >= r.first && c <= r.last; });
}

// C0, DEL and C1; soft hyphen; Arabic letter mark; zero-width and direction marks; separators; invisible operators;
// byte order mark; interlinear marks; tags.
constexpr auto obeyed = std::to_array<Range>({{0x00, 0x1F},
                                              {0x7F, 0x9F},
                                              {0xAD, 0xAD},
                                              {0x61C, 0x61C},
                                              {0x200B, 0x200F},
                                              {0x2028, 0x202E},
                                              {0x2060, 0x206F},
                                              {0xFEFF, 0xFEFF},
                                              {0xFFF9, 0xFFFB},
                                              {0xE0000, 0xE007F}});

// Unicode Standard Annex 11, classes W and F, in whole blocks.
constexpr auto wide = std::to_array<Range>({{0x1100, 0x115F},
                                            {0x2E80, 0xA4CF},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF00, 0xFF60},
                                            {0xFFE0, 0xFFE6},
                                            {0x20000, 0x3FFFD}});

// The text, in which `character` writes what a terminal would obey and `octet` writes invalid UTF-8.
template <typename Character, typename Octet>
std::string replaced(std::string_view text, Character character, Octet octet) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto first = decode_first(text);
    if (!first)
      out += octet(static_cast<unsigned char>(text.front()));
    else if (within(first->code_point, obeyed))
      out += character(first->code_point);
    else
      out += text.substr(0, first->size);
    text.remove_prefix(first ? first->size : 1);
  }
  return out;
}

} // namespace

std::string escaped(std::string_view text) {
  return replaced(
      text, [](char32_t c) { return fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(c)); },
      [](unsigned char octet) { return fmt::format("\\x{{{:02X}}}", octet); });
}

std::string escaped_json(std::string_view json) {
  const auto character = [](char32_t c) {
    const auto code_point = static_cast<std::uint32_t>(c);
    if (code_point < 0x10000) return fmt::format("\\u{:04x}", code_point);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code_point - 0x10000) >> 10), 0xDC00 + (code_point & 0x3FF));
  };
  // What is no UTF-8 is no JSON either: it stands for a character that nobody knows.
  return replaced(json, character, [](unsigned char) { return std::string("\\ufffd"); });
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto character = decode_first(text);
    columns += character && within(character->code_point, wide) ? 2 : 1;
    text.remove_prefix(character ? character->size : 1);
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
  const auto width = display_width(text);
  return std::string(text) + std::string(columns > width ? columns - width : 0, ' ');
}

} // namespace twcard::cli
