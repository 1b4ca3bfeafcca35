// Text as the pixels of an image, which a page may read from another origin where it cannot read text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace twcard::web {

// A Windows bitmap (BITMAPINFOHEADER, 24 bits a pixel) of one row whose octets, in the order of the file (blue, green,
// red), spell the text; the rest is 0, and at least one octet is. Throws Error(Internal) for a text that is too long.
[[nodiscard]] std::string bitmap_of(std::string_view text, std::uint32_t pixels);

} // namespace twcard::web
