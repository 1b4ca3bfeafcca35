#include "simulator/person/assuan.hpp"

#include "driver/base/bytes.hpp"

namespace twcard::simulator::assuan {

std::string unescape(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (code) {
      octets += static_cast<char>(code->front());
      i += 2;
    } else {
      octets += text[i];
    }
  }
  return octets;
}

std::string escape(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    if (c == '%' || c == '\r' || c == '\n')
      text += "%" + to_hex(as_bytes({&c, 1}));
    else
      text += c;
  }
  return text;
}

} // namespace twcard::simulator::assuan
