#include "bench/raw_card.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <winscard.h>

namespace twcard::bench {

namespace {

void check(LONG result, const char* call) {
  if (result != SCARD_S_SUCCESS)
    throw std::runtime_error(fmt::format("{}: {:08X}", call, static_cast<unsigned long>(result) & 0xFFFFFFFF));
}

} // namespace

RawCard::RawCard(const std::string& reader) {
  check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &m_context), "SCardEstablishContext");
  check(SCardConnect(m_context, reader.c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &m_card,
                     &m_protocol),
        "SCardConnect");
}

RawCard::~RawCard() {
  SCardDisconnect(m_card, SCARD_LEAVE_CARD);
  SCardReleaseContext(m_context);
}

std::chrono::nanoseconds RawCard::get_challenge() const {
  constexpr std::array<std::uint8_t, 5> command{0x80, 0x84, 0x00, 0x00, 0x08};
  const auto start = std::chrono::steady_clock::now();
  check(SCardBeginTransaction(m_card), "SCardBeginTransaction");
  const auto octets = transmit(command);
  check(SCardEndTransaction(m_card, SCARD_LEAVE_CARD), "SCardEndTransaction");
  const auto time = std::chrono::steady_clock::now() - start;
  if (octets != 8) throw std::runtime_error("GET CHALLENGE was not answered");
  return time;
}

std::size_t RawCard::read_file(std::span<const std::uint16_t> path, std::size_t size) const {
  constexpr std::size_t chunk = 200;
  const auto low = [](std::size_t number) { return static_cast<std::uint8_t>(number & 0xFF); };
  for (const std::uint16_t file : path)
    (void)transmit(std::array<std::uint8_t, 7>{0x80, 0xA4, 0x00, 0x00, 0x02, low(file >> 8U), low(file)});
  std::size_t done = 0;
  while (done < size) {
    const auto wanted = std::min(chunk, size - done);
    done += transmit(std::array<std::uint8_t, 5>{0x80, 0xB0, low(done >> 8U), low(done), low(wanted)});
  }
  return done;
}

std::size_t RawCard::transmit(std::span<const std::uint8_t> command) const {
  std::array<BYTE, 258> response{};
  DWORD size = response.size();
  const auto* protocol = m_protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
  check(SCardTransmit(m_card, protocol, command.data(), command.size(), nullptr, response.data(), &size),
        "SCardTransmit");
  if (size < 2 || response.at(size - 2) != 0x90)
    throw std::runtime_error(fmt::format("the card refuses INS {:02X}", command[1]));
  return size - 2;
}

void RawCard::take_turn() const {
  DWORD protocol = 0;
  auto result = SCardBeginTransaction(m_card);
  if (result == SCARD_W_RESET_CARD) {
    check(
        SCardReconnect(m_card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &protocol),
        "SCardReconnect");
    result = SCardBeginTransaction(m_card);
  }
  check(result, "SCardBeginTransaction");
  check(SCardEndTransaction(m_card, SCARD_LEAVE_CARD), "SCardEndTransaction");
}

} // namespace twcard::bench
