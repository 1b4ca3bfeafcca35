#include "driver/card/nhi/big5.hpp"

#include <boost/test/unit_test.hpp>
#include <iconv.h>
#include <optional>

namespace twcard::card {

namespace {

DecodedText decode(std::string_view hex) {
  return decode_big5(*from_hex(hex));
}

// Another table than ours: that of the C library.
class Converter final {
public:
  explicit Converter(const char* encoding) : m_handle(::iconv_open("UTF-8", encoding)) {
    BOOST_REQUIRE(m_handle != reinterpret_cast<iconv_t>(-1)); // NOLINT(performance-no-int-to-ptr)
  }
  ~Converter() { ::iconv_close(m_handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  [[nodiscard]] std::optional<std::string> convert(unsigned code) const {
    std::string in{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    std::string out(16, '\0');
    auto* from = in.data();
    auto* to = out.data();
    auto from_left = in.size();
    auto to_left = out.size();
    const auto failed = static_cast<std::size_t>(-1);
    const bool converted = ::iconv(m_handle, &from, &from_left, &to, &to_left) != failed &&
                           ::iconv(m_handle, nullptr, nullptr, &to, &to_left) != failed && from_left == 0;
    if (!converted) {
      static_cast<void>(::iconv(m_handle, nullptr, nullptr, nullptr, nullptr));
      return std::nullopt;
    }
    return out.substr(0, out.size() - to_left);
  }

private:
  iconv_t m_handle;
};

bool is_standard(unsigned code) {
  return (code >= 0xA140 && code <= 0xC67E) || (code >= 0xC940 && code <= 0xF9FE);
}
bool is_symbol_of_eten(unsigned code) {
  return code >= 0xC6A1 && code <= 0xC875;
}
bool is_trail(unsigned octet) {
  return (octet >= 0x40 && octet <= 0x7E) || (octet >= 0xA1 && octet <= 0xFE);
}

// Every pair of octets that Big5 can be made of.
template <typename Check>
void for_each_code(Check check) {
  for (unsigned lead = 0x81; lead <= 0xFE; ++lead)
    for (unsigned trail = 0x40; trail <= 0xFE; ++trail)
      if (is_trail(trail)) check(lead << 8 | trail);
}

DecodedText decode(unsigned code) {
  return decode_big5(Bytes{static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code & 0xFF)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(big5)

// Octets by Python's big5hkscs codec.
BOOST_AUTO_TEST_CASE(names_become_utf8) {
  BOOST_TEST(decode("A4FDA470A9FA").text == "王小明");
  BOOST_TEST(decode("B3AFACFCACC2").text == "陳美玲");
  BOOST_TEST(decode("4C696EA470A9FA").text == "Lin小明");
  BOOST_TEST(!decode("A4FDA470A9FA").uncertain);
}

// The 20 codes of the standard area that Hong Kong's encoding has otherwise or not at all, by CP950.TXT of the Unicode
// Consortium; F9FE by Microsoft's table.
BOOST_AUTO_TEST_CASE(the_standard_area_is_taiwans_and_not_hong_kongs) {
  const std::pair<unsigned, const char*> points[] = {
      {0xA145, "\u2027"}, {0xA14E, "\uFE51"}, {0xA15A, "\u2574"}, {0xA1C2, "\u00AF"}, {0xA1C3, "\uFFE3"},
      {0xA1C5, "\u02CD"}, {0xA1E3, "\uFF5E"}, {0xA1F2, "\u2295"}, {0xA1F3, "\u2299"}, {0xA1FE, "\uFF0F"},
      {0xA240, "\uFF3C"}, {0xA241, "\u2215"}, {0xA242, "\uFE68"}, {0xA244, "\uFFE5"}, {0xA246, "\uFFE0"},
      {0xA247, "\uFFE1"}, {0xA2CC, "\u5341"}, {0xA2CE, "\u5345"}, {0xA3E1, "\u20AC"}, {0xF9FE, "\u2593"}};
  for (const auto& [code, text] : points) {
    BOOST_TEST(decode(code).text == text);
    BOOST_TEST(!decode(code).uncertain);
  }
}

// The ends of the blocks of characters, as the description of Big5 of 1984 has them.
BOOST_AUTO_TEST_CASE(the_blocks_begin_and_end_where_big5_has_them) {
  const std::pair<unsigned, const char*> points[] = {{0xA140, "\u3000"}, {0xA440, "一"},     {0xC67E, "籲"},
                                                     {0xC940, "乂"},     {0xF9D5, "龘"},     {0xF9D6, "碁"},
                                                     {0xF9DC, "嫺"},     {0xC94A, "\uFA0C"}, {0xDDFC, "\uFA0D"}};
  for (const auto& [code, text] : points) BOOST_TEST(decode(code).text == text);
}

BOOST_AUTO_TEST_CASE(the_standard_area_is_that_of_the_c_librarys_big5) {
  const Converter converter("BIG5");
  std::size_t known = 0;
  for_each_code([&](unsigned code) {
    if (!is_standard(code)) return;
    const auto expected = converter.convert(code);
    const auto decoded = decode(code);
    known += expected.has_value();
    BOOST_REQUIRE_MESSAGE(decoded.text == expected.value_or("\uFFFD"), std::hex << code << ": " << decoded.text);
    BOOST_REQUIRE(decoded.uncertain == !expected);
  });
  BOOST_TEST(known == 13'503U); // 408 symbols and the euro, 13,053 characters, 41 of ETEN's at the end
}

BOOST_AUTO_TEST_CASE(of_the_area_between_etens_symbols_are_known) {
  // Hong Kong's encoding has them as well, but for those that it counts among its other characters.
  const std::pair<unsigned, const char*> elsewhere[] = {{0xC6CF, "廴"}, {0xC6D3, "无"}, {0xC6D5, "癶"},
                                                        {0xC6D7, "隶"}, {0xC6DE, "〃"}, {0xC6DF, "仝"}};
  const Converter converter("BIG5-HKSCS");
  for_each_code([&](unsigned code) {
    if (!is_symbol_of_eten(code)) return;
    const auto* const other = std::find_if(std::begin(elsewhere), std::end(elsewhere),
                                           [code](const auto& point) { return point.first == code; });
    const auto expected = other == std::end(elsewhere) ? converter.convert(code).value() : std::string(other->second);
    BOOST_TEST(decode(code).text == expected);
    BOOST_TEST(!decode(code).uncertain);
  });
  const std::pair<unsigned, const char*> points[] = {{0xC6A1, "①"}, {0xC6E7, "ぁ"}, {0xC7F2, "ヶ"}, {0xC875, "я"}};
  for (const auto& [code, text] : points) BOOST_TEST(decode(code).text == text);
}

BOOST_AUTO_TEST_CASE(user_defined_areas_have_no_certain_unicode) {
  std::size_t codes = 0;
  for_each_code([&](unsigned code) {
    if (is_standard(code) || is_symbol_of_eten(code)) return;
    ++codes;
    BOOST_REQUIRE_MESSAGE(decode(code).text == "\uFFFD", std::hex << code);
    BOOST_REQUIRE(decode(code).uncertain);
  });
  BOOST_TEST(codes == 5'024U + (408 - 305) + 785); // 8140 to A0FE, C876 to C8FE, FA40 to FEFE
}

BOOST_AUTO_TEST_CASE(text_ends_at_the_first_nul_and_before_trailing_spaces) {
  const auto padded = [](std::string_view hex) { return decode_padded_big5(*from_hex(hex)).text; };
  BOOST_TEST(padded("A4FD000000") == "王");
  BOOST_TEST(padded("A4FD2020") == "王");
  BOOST_TEST(padded("A4FD20200000") == "王");
  BOOST_TEST(padded("A4FD0041") == "王");
  BOOST_TEST(padded("20A4FD20") == " 王");
  BOOST_TEST(padded("00").empty());
  BOOST_TEST(padded("").empty());
}

BOOST_AUTO_TEST_CASE(spaces_stay_where_the_field_is_not_padded_with_them) {
  BOOST_TEST(decode("A4FD2020").text == "王  ");
  BOOST_TEST(decode("2020200020").text == "   ");
}

BOOST_AUTO_TEST_CASE(what_has_no_sure_unicode_is_replaced_and_flagged) {
  const std::pair<const char*, const char*> cases[] = {{"A4FDFA40", "王\uFFFD"}, // user-defined
                                                       {"A4FDFEFE", "王\uFFFD"}, // the last of them
                                                       {"A4FDA4", "王\uFFFD"},   // cut in the middle
                                                       {"A4FD80", "王\uFFFD"},   // no lead octet
                                                       {"A4FDFF40", "王\uFFFD"}, // no lead octet, then a letter
                                                       {"A4FDA4FF", "王\uFFFD"}, // no trail octet
                                                       {"A4FD1B", "王\uFFFD"},   // a control character
                                                       {"A4FD7F", "王\uFFFD"}};
  for (const auto& [hex, text] : cases) {
    const auto decoded = decode(hex);
    BOOST_TEST_CONTEXT(hex) {
      BOOST_TEST(decoded.text.starts_with(text));
      BOOST_TEST(decoded.uncertain);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_pair_of_octets_gives_utf8) {
  for (unsigned lead = 1; lead < 256; ++lead)
    for (unsigned trail = 1; trail < 256; ++trail) {
      const Bytes pair{static_cast<std::uint8_t>(lead), static_cast<std::uint8_t>(trail)};
      const auto decoded = decode_big5(pair);
      BOOST_REQUIRE(decoded.text.size() <= 2 * 3 + 2);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
