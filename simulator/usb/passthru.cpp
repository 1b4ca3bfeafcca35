#include "simulator/usb/passthru.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace twcard::simulator {

namespace {

constexpr std::uint32_t init = 1;
constexpr std::uint32_t error = 2; // also the answer to an order that went well
constexpr std::uint32_t reader_add = 3;
constexpr std::uint32_t atr = 5;
constexpr std::uint32_t card_remove = 6;
constexpr std::uint32_t apdu = 7;
constexpr std::uint32_t undefined_reader = 0xFFFFFFFF;
constexpr std::size_t header = 12;
constexpr std::size_t longest = 0x20000;

void append(Bytes& octets, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) octets.push_back(static_cast<std::uint8_t>((value >> shift) & 0xFF));
}

std::uint32_t number(ByteView octets) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets.first(4)) value = (value << 8) | octet;
  return value;
}

// QEMU's reader says of itself that it knows T=0 alone, and takes whole APDUs: the card offers T=0 with the same
// historical octets, and no check character, as the standard has it.
Bytes with_t0_alone(const Bytes& full) {
  std::size_t at = 2;
  std::uint8_t presence = full.at(1);
  for (;;) {
    at += static_cast<std::size_t>(((presence >> 4) & 1) + ((presence >> 5) & 1) + ((presence >> 6) & 1));
    if ((presence & 0x80) == 0) break;
    presence = full.at(at++);
  }
  const std::uint8_t count = full[1] & 0x0F;
  Bytes plain{full[0], count};
  for (std::size_t index = 0; index < count; ++index) plain.push_back(full.at(at + index));
  return plain;
}

} // namespace

Passthru::Passthru(int socket) : m_socket(socket) {}

bool Passthru::serve() {
  std::array<std::uint8_t, 4096> buffer{};
  const auto got = ::recv(m_socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
  if (got > 0) m_input.insert(m_input.end(), buffer.begin(), buffer.begin() + got);
  while (m_input.size() >= header) {
    const ByteView input(m_input);
    const std::size_t length = number(input.subspan(8));
    if (length > longest) return false;
    if (m_input.size() < header + length) break;
    take(number(input), input.subspan(header, length));
    m_input.erase(m_input.begin(), m_input.begin() + static_cast<std::ptrdiff_t>(header + length));
  }
  return true;
}

void Passthru::take(std::uint32_t type, ByteView data) {
  switch (type) {
  case init: send(reader_add, undefined_reader, {}); break; // QEMU speaks first
  case error:
    if (!m_reader_added && data.size() == 4 && number(data) == 0) {
      m_reader_added = true;
      show_card();
    }
    break;
  case apdu:
    if (m_card) send(apdu, 0, m_card->transmit(data));
    break;
  default: break;
  }
}

void Passthru::show_card() {
  if (m_card && m_reader_added) send(atr, 0, with_t0_alone(m_card->atr()));
}

void Passthru::insert(std::shared_ptr<SimulatedCard> card) {
  m_card = std::move(card);
  m_card->reset();
  show_card();
}

void Passthru::remove() {
  m_card.reset();
  if (m_reader_added) send(card_remove, 0, {});
}

void Passthru::send(std::uint32_t type, std::uint32_t reader, ByteView data) const {
  Bytes message;
  append(message, type);
  append(message, reader);
  append(message, static_cast<std::uint32_t>(data.size()));
  message.insert(message.end(), data.begin(), data.end());
  std::size_t sent = 0;
  while (sent < message.size()) {
    const auto count = ::send(m_socket.get(), message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return; // serve() sees the end of the connection
    sent += static_cast<std::size_t>(count);
  }
}

} // namespace twcard::simulator
