#include "daemon/web/dialects/shared/bitmap.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::web {

BOOST_AUTO_TEST_SUITE(bitmap)

// The BITMAPFILEHEADER and BITMAPINFOHEADER that a page's browser reads, by their documented offsets.
BOOST_AUTO_TEST_CASE(it_is_one_pixel_high_and_spells_the_text) {
  for (const std::string text : {"", "a", "ab", "abc", "{\"a\":\"王\"}"})
    for (const std::uint32_t pixels : {7U, 8U, 1024U}) {
      const auto file = bitmap_of(text, pixels);
      const auto number = [&file](std::size_t at, std::size_t octets) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < octets; ++i)
          value |= std::uint32_t{static_cast<std::uint8_t>(file[at + i])} << (8 * i);
        return value;
      };
      BOOST_TEST(file.substr(0, 2) == "BM");
      BOOST_TEST(number(2, 4) == file.size());
      BOOST_TEST(number(10, 4) == 54U);
      BOOST_TEST(number(14, 4) == 40U);
      BOOST_TEST(number(18, 4) == pixels);
      BOOST_TEST(number(22, 4) == 1U);
      BOOST_TEST(number(26, 2) == 1U);
      BOOST_TEST(number(28, 2) == 24U);
      BOOST_TEST(number(30, 4) == 0U);
      BOOST_TEST(file.size() == 54 + (pixels * 3 + 3) / 4 * 4);
      BOOST_TEST(file.substr(54, text.size()) == text);
      BOOST_TEST(file.find_first_not_of('\0', 54 + text.size()) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_text_leaves_room_for_its_end) {
  BOOST_TEST(bitmap_of("ab", 1).substr(54, 3) == std::string("ab\0", 3));
  BOOST_CHECK_THROW(static_cast<void>(bitmap_of("abc", 1)), Error);
  BOOST_CHECK_THROW(static_cast<void>(bitmap_of(std::string(3072, 'x'), 1024)), Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
