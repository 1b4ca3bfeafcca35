#include "driver/base/tcp_table.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twcard {

namespace {

constexpr std::size_t max_lines = 65'536;

template <typename Number>
bool parse(std::string_view text, int base, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return failure == std::errc() && end == text.data() + text.size();
}

std::vector<std::string_view> words_of(std::string_view line, std::size_t at_most) {
  std::vector<std::string_view> words;
  while (words.size() < at_most) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) break;
    const auto word = line.substr(0, line.find(' '));
    words.push_back(word);
    line.remove_prefix(word.size());
  }
  return words;
}

// "0100007F:6220": 32-bit words as this machine holds them, port as a number.
bool parse_end(std::string_view text, TcpEnd& end) {
  const auto colon = text.find(':');
  if (colon != 8 && colon != 32) return false;
  if (colon == 8) end.address[10] = end.address[11] = 0xFF;
  auto* out = end.address.data() + (colon == 8 ? 12 : 0);
  for (std::size_t i = 0; i < colon; i += 8, out += 4) {
    std::uint32_t word = 0;
    if (!parse(text.substr(i, 8), 16, word)) return false;
    std::memcpy(out, &word, sizeof word);
  }
  return parse(text.substr(colon + 1), 16, end.port);
}

// Columns: sl, local address, remote address, st, queues, timer, retransmits, uid, timeout, inode.
std::optional<TcpSocket> socket_of(std::string_view line) {
  const auto words = words_of(line, 10);
  TcpSocket socket;
  std::uint8_t state = 0;
  if (words.size() < 8 || !parse_end(words[1], socket.local) || !parse_end(words[2], socket.remote) ||
      !parse(words[3], 16, state) || !parse(words[7], 10, socket.user))
    return std::nullopt;
  if (words.size() == 10 && !parse(words[9], 10, socket.inode)) return std::nullopt;
  socket.state = TcpState{state};
  return socket;
}

} // namespace

bool find_tcp_socket(const std::filesystem::path& folder, const std::function<bool(const TcpSocket&)>& wanted) {
  // An IPv6 socket may speak to 127.0.0.1 by a mapped address: both tables may have it.
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream file(folder / table);
    std::string line;
    for (std::size_t count = 0; count < max_lines && std::getline(file, line); ++count)
      if (const auto socket = socket_of(line); socket && wanted(*socket)) return true;
  }
  return false;
}

} // namespace twcard
