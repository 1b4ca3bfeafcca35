#include "driver/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace twcard {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Lead octets of one row, and what the second octet may be; the others are 80 to BF.
struct Row {
  std::uint8_t first_lead;
  std::uint8_t last_lead;
  std::size_t size;
  std::uint8_t least_second;
  std::uint8_t most_second;
};
constexpr std::array<Row, 8> rows{{{0xC2, 0xDF, 2, 0x80, 0xBF},
                                   {0xE0, 0xE0, 3, 0xA0, 0xBF},
                                   {0xE1, 0xEC, 3, 0x80, 0xBF},
                                   {0xED, 0xED, 3, 0x80, 0x9F},
                                   {0xEE, 0xEF, 3, 0x80, 0xBF},
                                   {0xF0, 0xF0, 4, 0x90, 0xBF},
                                   {0xF1, 0xF3, 4, 0x80, 0xBF},
                                   {0xF4, 0xF4, 4, 0x80, 0x8F}}};

std::uint8_t octet(char character) {
  return static_cast<std::uint8_t>(character);
}

// C0 and C1 controls and DEL.
bool is_control(std::string_view character) {
  const auto first = octet(character.front());
  return first < 0x20 || first == 0x7F || (first == 0xC2 && octet(character[1]) < 0xA0);
}

} // namespace

std::size_t utf8_sequence_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = octet(text.front());
  if (lead < 0x80) return 1;
  const auto row =
      std::ranges::find_if(rows, [lead](const Row& each) { return lead >= each.first_lead && lead <= each.last_lead; });
  if (row == rows.end() || text.size() < row->size) return 0;
  if (octet(text[1]) < row->least_second || octet(text[1]) > row->most_second) return 0;
  const auto rest = text.substr(2, row->size - 2);
  return std::ranges::all_of(rest, [](char each) { return octet(each) >> 6 == 0x02; }) ? row->size : 0;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = utf8_sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto size = utf8_sequence_size(text);
    valid += size == 0 ? replacement : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return valid;
}

std::string label_text(std::string_view text, std::size_t most) {
  const auto valid = valid_utf8(text);
  std::string label;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto character = rest.substr(0, utf8_sequence_size(rest));
    rest.remove_prefix(character.size());
    const auto shown = is_control(character) ? std::string_view("?") : character;
    if (label.size() + shown.size() > most) break;
    label += shown;
  }
  return label;
}

} // namespace twcard
