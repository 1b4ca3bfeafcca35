#include "tests/system/other_program.hpp"

#include <array>
#include <stdexcept>
#include <vector>

namespace twcard::tests {

namespace {

void check(LONG code, const char* what) {
  if (code != SCARD_S_SUCCESS) throw std::runtime_error(std::string(what) + ": " + ::pcsc_stringify_error(code));
}

Bytes select_file(std::uint16_t file) {
  return {0x80, 0xA4, 0x00, 0x00, 0x02, static_cast<std::uint8_t>(file >> 8), static_cast<std::uint8_t>(file & 0xFF)};
}

} // namespace

OtherProgram::OtherProgram(int slot) {
  check(::SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &m_context), "SCardEstablishContext");
  std::array<char, 4096> names{};
  DWORD length = names.size();
  check(::SCardListReaders(m_context, nullptr, names.data(), &length), "SCardListReaders");
  const char* name = names.data();
  for (int i = 0; i < slot && *name != 0; ++i) name += std::string(name).size() + 1;
  check(::SCardConnect(m_context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, &m_card, &m_protocol), "SCardConnect");
}

OtherProgram::~OtherProgram() {
  ::SCardDisconnect(m_card, SCARD_LEAVE_CARD);
  ::SCardReleaseContext(m_context);
}

Bytes OtherProgram::transmit(ByteView command) {
  Bytes response(65538);
  for (int attempt = 0;; ++attempt) {
    DWORD length = response.size();
    const SCARD_IO_REQUEST* header = m_protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    const auto code =
        ::SCardTransmit(m_card, header, command.data(), command.size(), nullptr, response.data(), &length);
    if (code == SCARD_W_RESET_CARD && attempt == 0) {
      check(::SCardReconnect(m_card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, SCARD_LEAVE_CARD, &m_protocol),
            "SCardReconnect");
      continue;
    }
    check(code, "SCardTransmit");
    response.resize(length);
    return response;
  }
}

apdu::StatusWord OtherProgram::status_of(ByteView command) {
  const auto response = transmit(command);
  if (response.size() < 2) throw std::runtime_error("a response without status word");
  return apdu::StatusWord(static_cast<std::uint16_t>(response[response.size() - 2] << 8 | response.back()));
}

apdu::StatusWord OtherProgram::try_private_operation() {
  for (const auto file : std::array<std::uint16_t, 3>{0x3F00, 0x5030, 0x0810})
    if (const auto status = status_of(select_file(file)); !status.ok()) return status;
  Bytes command{0x80, 0xEA, 0x82, 0x01, 0x80};
  command.resize(command.size() + 128, 0x00);
  return status_of(command);
}

apdu::StatusWord OtherProgram::try_private_operation_of_generation_2() {
  for (const auto* select : {"00A4040C10A000000283000006220169640001010100", "00A4000402503000", "00A4000402081000"})
    if (const auto status = status_of(*from_hex(select)); !status.ok()) return status;
  Bytes command{0x80, 0xEA, 0x82, 0x01, 0x80};
  command.resize(command.size() + 128, 0x00);
  return status_of(command);
}

void OtherProgram::reset() {
  check(::SCardReconnect(m_card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, SCARD_RESET_CARD, &m_protocol),
        "SCardReconnect");
}

void OtherProgram::hold() {
  check(::SCardBeginTransaction(m_card), "SCardBeginTransaction");
}
void OtherProgram::release() {
  check(::SCardEndTransaction(m_card, SCARD_LEAVE_CARD), "SCardEndTransaction");
}

} // namespace twcard::tests
