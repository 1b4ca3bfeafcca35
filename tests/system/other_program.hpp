// Another program that uses the card through PC/SC, as any program on the machine can.
#pragma once

#include "driver/apdu/status_word.hpp"
#include "driver/base/bytes.hpp"

#include <string>
#include <winscard.h>

namespace twcard::tests {

class OtherProgram final {
public:
  // Connects shared to the card in the n-th reader of PC/SC; throws std::runtime_error.
  explicit OtherProgram(int slot);
  ~OtherProgram();
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

  // Reconnects when somebody has reset the card, as a stubborn program would.
  [[nodiscard]] Bytes transmit(ByteView command);
  [[nodiscard]] apdu::StatusWord status_of(ByteView command);
  // What a generation 1 card answers to the first half of a private operation: 6982 when nobody is logged in.
  [[nodiscard]] apdu::StatusWord try_private_operation();
  // The same with a card of generation 2.
  [[nodiscard]] apdu::StatusWord try_private_operation_of_generation_2();
  // Ends every login that the card itself knows of.
  void reset();
  // Keeps the card for itself until release().
  void hold();
  void release();

private:
  SCARDCONTEXT m_context = 0;
  SCARDHANDLE m_card = 0;
  DWORD m_protocol = 0;
};

} // namespace twcard::tests
