#include "driver/ifd/t0.hpp"

#include "driver/base/error.hpp"
#include "driver/base/secure_bytes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twcard::ifd {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::uint8_t null_byte = 0x60;
constexpr std::chrono::minutes longest_wait{5};

bool is_status(std::uint8_t octet) {
  return octet != null_byte && ((octet & 0xF0) == 0x60 || (octet & 0xF0) == 0x90);
}

[[noreturn]] void broken(const char* reason) {
  throw Error(Errc::BadCardData, reason);
}

} // namespace

// The command as T=0 has it: header with P3, then either data out or data in.
struct T0::Tpdu {
  std::array<std::uint8_t, header_size + 1> header{};
  ByteView data;            // out
  std::size_t expected = 0; // in

  static Tpdu of(ByteView command) {
    Tpdu tpdu;
    if (command.size() < header_size) throw Error(Errc::BadRequest, "T=0: the command is too short");
    std::copy_n(command.begin(), header_size, tpdu.header.begin());
    if (command.size() == header_size) return tpdu;
    tpdu.header[header_size] = command[header_size];
    if (command.size() == header_size + 1) {
      tpdu.expected = command[header_size] == 0 ? 256 : command[header_size];
      return tpdu;
    }
    const std::size_t length = command[header_size];
    const std::size_t end = header_size + 1 + length;
    if (length == 0 || (command.size() != end && command.size() != end + 1))
      throw Error(Errc::BadRequest, "T=0: the command does not fit the protocol");
    tpdu.data = command.subspan(header_size + 1, length);
    return tpdu;
  }
  [[nodiscard]] std::uint8_t instruction() const { return header[1]; }
};

Bytes T0::transceive(ByteView command) {
  const Tpdu tpdu = Tpdu::of(command);
  if (m_level == ExchangeLevel::Tpdu) return as_tpdu(tpdu);
  return by_character(tpdu, m_line.exchange(tpdu.header, 1, 1));
}

Bytes T0::as_tpdu(const Tpdu& tpdu) {
  Bytes octets(tpdu.header.begin(), tpdu.header.end());
  octets.insert(octets.end(), tpdu.data.begin(), tpdu.data.end());
  Bytes answer = m_line.exchange(octets, 0, 1);
  wipe(octets.data(), octets.size());
  if (answer.size() == 1) {
    m_level = ExchangeLevel::Character;
    if (!tpdu.data.empty()) broken("T=0: the reader leaves the procedure bytes to the host");
    return by_character(tpdu, std::move(answer));
  }
  if (answer.empty()) broken("T=0: no status word from the card");
  if (answer.size() > tpdu.expected + 2) broken("T=0: more octets from the card than were asked for");
  if (!is_status(answer[answer.size() - 2])) broken("T=0: invalid status word from the card");
  return answer;
}

Bytes T0::by_character(const Tpdu& tpdu, Bytes answer) {
  Bytes response;
  std::size_t sent = 0;
  std::chrono::milliseconds waited{0};
  for (;;) {
    if (answer.size() != 1) broken("T=0: no procedure byte from the card");
    const std::uint8_t procedure = answer[0];
    if (procedure == null_byte) {
      waited += m_waiting_time;
      if (waited > longest_wait) broken("T=0: the card asks for too much time");
      answer = read(1);
      continue;
    }
    if (is_status(procedure)) {
      const Bytes second = read(1);
      if (second.size() != 1) broken("T=0: half a status word from the card");
      response.push_back(procedure);
      response.push_back(second[0]);
      return response;
    }
    const bool all = procedure == tpdu.instruction();
    if (!all && procedure != (tpdu.instruction() ^ 0xFF)) broken("T=0: invalid procedure byte from the card");
    const std::size_t left = tpdu.data.size() - sent + tpdu.expected - response.size();
    if (left == 0) broken("T=0: the card asks for more than there is");
    const std::size_t count = all ? left : 1;
    if (!tpdu.data.empty()) {
      answer = m_line.exchange(tpdu.data.subspan(sent, count), 1, 1);
      sent += count;
      continue;
    }
    answer = read(count + 1);
    if (answer.size() != count + 1) broken("T=0: the card stopped in the middle of its data");
    response.insert(response.end(), answer.begin(), answer.end() - 1);
    answer.erase(answer.begin(), answer.end() - 1);
  }
}

Bytes T0::read(std::size_t count) {
  return m_line.exchange({}, count, 1);
}

} // namespace twcard::ifd
