#include "daemon/web/dialects/shared/bitmap.hpp"

#include "driver/base/error.hpp"

namespace twcard::web {

namespace {

constexpr std::uint32_t file_header_size = 14;
constexpr std::uint32_t info_header_size = 40;

void append_number(std::string& octets, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) octets += static_cast<char>(value >> (8 * i) & 0xFFU);
}

} // namespace

std::string bitmap_of(std::string_view text, std::uint32_t pixels) {
  if (text.size() >= std::size_t{3} * pixels) throw Error(Errc::Internal, "a text that is too long for its bitmap");
  const std::uint32_t row_octets = (3 * pixels + 3) / 4 * 4; // whole words
  const std::uint32_t file_size = file_header_size + info_header_size + row_octets;
  std::string file = "BM";
  append_number(file, file_size, 4);
  append_number(file, 0, 4); // reserved
  append_number(file, file_header_size + info_header_size, 4);
  append_number(file, info_header_size, 4);
  append_number(file, pixels, 4);
  append_number(file, 1, 4);  // rows
  append_number(file, 1, 2);  // planes
  append_number(file, 24, 2); // bits a pixel
  append_number(file, 0, 4);  // not compressed
  append_number(file, row_octets, 4);
  for (int i = 0; i < 4; ++i) append_number(file, 0, 4); // resolution and palette
  file += text;
  file.resize(file_size, '\0');
  return file;
}

} // namespace twcard::web
