#include "portal/nhi/identity_number.hpp"

#include <algorithm>

namespace twcard::portal {
namespace {

// A letter's number is its place in this order, from 10.
constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

bool is_identity_number(std::string_view text) {
  if (text.size() != 10) return false;
  const auto place = letters.find(text[0]);
  if (place == std::string_view::npos) return false;
  const int first = static_cast<int>(place) + 10;

  int second = 0;
  if (is_digit(text[1])) {
    second = text[1] - '0';
  } else {
    const auto kind = letters.find(text[1]);
    if (kind == std::string_view::npos) return false;
    second = static_cast<int>(kind) % 10;
  }
  if (!std::all_of(text.begin() + 2, text.end(), is_digit)) return false;

  int sum = first / 10 + 9 * (first % 10) + 8 * second;
  for (std::size_t i = 2; i < 9; ++i) sum += static_cast<int>(9 - i) * (text[i] - '0');
  sum += text[9] - '0';
  return sum % 10 == 0;
}

} // namespace twcard::portal
