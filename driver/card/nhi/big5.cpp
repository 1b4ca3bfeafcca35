#include "driver/card/nhi/big5.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <iconv.h>
#include <optional>

namespace twcard::card {

namespace {

constexpr const char* replacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::uint8_t first_lead = 0x81;
constexpr std::uint8_t first_user_defined_lead = 0xFA;

class Converter final {
public:
  Converter() : m_handle(::iconv_open("UTF-8", "BIG5-HKSCS")) {
    if (m_handle == failed()) throw Error(Errc::Internal, "iconv does not know BIG5-HKSCS");
  }
  ~Converter() { ::iconv_close(m_handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // One character of two octets; a few become a letter and a combining mark.
  [[nodiscard]] std::optional<std::string> convert(std::uint8_t lead, std::uint8_t trail) {
    std::array<char, 2> in{static_cast<char>(lead), static_cast<char>(trail)};
    std::array<char, 16> out{};
    char* from = in.data();
    std::size_t from_left = in.size();
    char* to = out.data();
    std::size_t to_left = out.size();
    const auto converted = ::iconv(m_handle, &from, &from_left, &to, &to_left);
    const auto flushed = ::iconv(m_handle, nullptr, nullptr, &to, &to_left);
    constexpr auto error = static_cast<std::size_t>(-1);
    if (converted == error || flushed == error || from_left != 0) return std::nullopt;
    return std::string(out.data(), out.size() - to_left);
  }

private:
  // POSIX's iconv_open says so by (iconv_t)-1.
  static iconv_t failed() { return reinterpret_cast<iconv_t>(-1); } // NOLINT(performance-no-int-to-ptr)

  iconv_t m_handle;
};

} // namespace

DecodedText decode_big5(ByteView octets) {
  octets = octets.first(static_cast<std::size_t>(std::find(octets.begin(), octets.end(), 0) - octets.begin()));
  while (!octets.empty() && octets.back() == ' ') octets = octets.first(octets.size() - 1);

  Converter converter;
  DecodedText decoded;
  const auto unsure = [&decoded] {
    decoded.text += replacement;
    decoded.uncertain = true;
  };
  for (std::size_t at = 0; at < octets.size(); ++at) {
    const auto octet = octets[at];
    if (octet < first_lead) {
      if (octet >= 0x20 && octet < 0x7F) {
        decoded.text += static_cast<char>(octet);
      } else {
        unsure();
      }
      continue;
    }
    if (octet == 0xFF || at + 1 == octets.size()) {
      unsure();
      continue;
    }
    const auto trail = octets[++at];
    const auto character = octet >= first_user_defined_lead ? std::nullopt : converter.convert(octet, trail);
    if (character) {
      decoded.text += *character;
    } else {
      unsure();
    }
  }
  return decoded;
}

} // namespace twcard::card
