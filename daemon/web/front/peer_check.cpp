#include "daemon/web/front/peer_check.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace twcard::web {

namespace {

constexpr std::size_t max_lines = 65'536;
constexpr std::string_view established = "01";

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
std::optional<TcpEnd> end_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  TcpEnd end;
  if (colon == 8) end.address[10] = end.address[11] = 0xFF;
  auto* out = end.address.data() + (colon == 8 ? 12 : 0);
  for (std::size_t i = 0; i < colon; i += 8, out += 4) {
    std::uint32_t word = 0;
    if (!parse(text.substr(i, 8), 16, word)) return std::nullopt;
    std::memcpy(out, &word, sizeof word);
  }
  if (!parse(text.substr(colon + 1), 16, end.port)) return std::nullopt;
  return end;
}

// Columns: sl, local address, remote address, st, queues, timer, retransmits, uid.
std::optional<uid_t> user_of_line(std::string_view line, const TcpEnd& client, const TcpEnd& server) {
  const auto words = words_of(line, 8);
  if (words.size() < 8 || words[3] != established) return std::nullopt;
  const auto local = end_of(words[1]);
  const auto remote = end_of(words[2]);
  uid_t user = 0;
  if (!local || !remote || !(*local == client && *remote == server) || !parse(words[7], 10, user)) return std::nullopt;
  return user;
}

} // namespace

std::optional<uid_t> user_of_connection(const TcpEnd& client, const TcpEnd& server,
                                        const std::filesystem::path& tables) {
  // An IPv6 socket may speak to 127.0.0.1 by a mapped address: both tables may have it.
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream file(tables / table);
    std::string line;
    for (std::size_t count = 0; count < max_lines && std::getline(file, line); ++count)
      if (const auto user = user_of_line(line, client, server)) return user;
  }
  return std::nullopt;
}

} // namespace twcard::web
