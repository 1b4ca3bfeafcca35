#include "bench/raw_signer.hpp"

#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <winscard.h>

namespace twcard::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr DWORD any_protocol = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
constexpr std::uint8_t half = 128; // octets of a block

void check(LONG result, const char* call) {
  if (result != SCARD_S_SUCCESS)
    throw std::runtime_error(fmt::format("{}: {:08X}", call, static_cast<unsigned long>(result) & 0xFFFFFFFF));
}

Bytes command(std::initializer_list<std::uint8_t> header, ByteView data) {
  Bytes octets(header);
  octets.insert(octets.end(), data.begin(), data.end());
  return octets;
}

} // namespace

RawSigner::RawSigner(const std::string& reader, ByteView verify_data, std::uint8_t key_reference)
    : m_verify(command({0x8C, 0x20, 0x00, 0x01, 0x20}, verify_data)), m_key(key_reference) {
  check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &m_context), "SCardEstablishContext");
  check(SCardConnect(m_context, reader.c_str(), SCARD_SHARE_SHARED, any_protocol, &m_card, &m_protocol),
        "SCardConnect");
}

RawSigner::~RawSigner() {
  SCardDisconnect(m_card, SCARD_LEAVE_CARD);
  SCardReleaseContext(m_context);
}

void RawSigner::begin() {
  auto result = SCardBeginTransaction(m_card);
  if (result == SCARD_W_RESET_CARD) {
    check(SCardReconnect(m_card, SCARD_SHARE_SHARED, any_protocol, SCARD_LEAVE_CARD, &m_protocol), "SCardReconnect");
    result = SCardBeginTransaction(m_card);
  }
  check(result, "SCardBeginTransaction");
}

void RawSigner::end() {
  check(SCardEndTransaction(m_card, SCARD_RESET_CARD), "SCardEndTransaction");
}

void RawSigner::transmit(ByteView apdu) {
  std::array<BYTE, 258> response{};
  DWORD size = response.size();
  const auto* protocol = m_protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
  check(SCardTransmit(m_card, protocol, apdu.data(), apdu.size(), nullptr, response.data(), &size), "SCardTransmit");
  if (size < 2 || response[size - 2] != 0x90)
    throw std::runtime_error(fmt::format("the card refuses INS {:02X}", apdu[1]));
}

void RawSigner::log_in() {
  transmit(Bytes{0x80, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00});
  transmit(Bytes{0x80, 0xA4, 0x00, 0x00, 0x02, 0x50, 0x30});
  transmit(Bytes{0x80, 0xA4, 0x00, 0x00, 0x02, 0x08, 0x10});
  transmit(m_verify);
}

void RawSigner::private_operation() {
  Bytes block(half, 0x5A);
  block[0] = 0; // below any modulus
  transmit(command({0x80, 0xEA, 0x82, m_key, half}, block));
  transmit(command({0x80, 0xEA, 0x02, m_key, half}, block));
  transmit(Bytes{0x80, 0xC1, 0x00, 0x80, half});
}

std::chrono::nanoseconds RawSigner::sign() {
  const auto start = Clock::now();
  begin();
  log_in();
  private_operation();
  end();
  return Clock::now() - start;
}

std::vector<std::chrono::nanoseconds> RawSigner::sign_in_a_burst(int signatures) {
  std::vector<std::chrono::nanoseconds> times;
  begin();
  log_in();
  for (int i = 0; i < signatures; ++i) {
    const auto start = Clock::now();
    private_operation();
    times.push_back(Clock::now() - start);
  }
  end();
  return times;
}

} // namespace twcard::bench
